"""Who comes over http is sent to https."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from apps.ops.deployment.target import NO_ADDRESS, Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped

SEVERITY = Severity.MEDIUM


def check(target: Target) -> Verdict:
    if not target.url:
        return skipped(NO_ADDRESS)
    address = urlsplit(target.url)
    if address.scheme != "https":
        return skipped("The address given is not https.")
    if address.port not in {None, 443}:
        return skipped("The address names a port, so there is no http beside it.")
    try:
        answer = target.ask_anew(f"http://{address.hostname}/")
    except requests.RequestException:
        return passed("Nothing answers over http.")
    if answer.headers.get("Location", "").startswith("https://"):
        return passed("http leads to https.")
    return failed(
        f"http is answered with {answer.status_code}.",
        "Set TRUSTED_PROXY_COUNT and an https FRONTEND_URL, or redirect in the router.",
    )
