"""Cookies arrive with the marks that protect them."""

from __future__ import annotations

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped

SEVERITY = Severity.HIGH
PAGE = "/admin/login/"


def check(target: Target) -> Verdict:
    answer = target.get(PAGE)
    cookies = answer.raw.headers.getlist("Set-Cookie") if answer.raw else []
    if not cookies:
        return skipped(f"{PAGE} sets no cookie.")
    weak = [
        cookie.partition("=")[0]
        for cookie in cookies
        if "secure" not in cookie.lower() or "samesite" not in cookie.lower()
    ]
    if weak:
        return failed(f"Not Secure or without SameSite: {', '.join(weak)}.", "Turn debug off.")
    return passed("Cookies are Secure and SameSite.")
