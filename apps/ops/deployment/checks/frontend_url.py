"""People come back over https after they signed in."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.HIGH


def check(target: Target) -> Verdict:
    url = settings.FRONTEND_URL
    if not url:
        return warned(
            "FRONTEND_URL is empty: links in e-mails and the return from sign-in have no address.",
            "Set FRONTEND_URL to the public https address.",
        )
    if not url.startswith("https://"):
        return failed(
            "FRONTEND_URL is not https: sessions and tokens would travel in the clear.",
            "Set FRONTEND_URL to the public https address.",
        )
    return passed("FRONTEND_URL is https.")
