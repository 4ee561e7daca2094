"""The headers that protect visitors arrive; no router strips them."""

from __future__ import annotations

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.HIGH
PAGE = "/api/docs"
WANTED = {
    "Content-Security-Policy": "default-src",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "X-Request-ID": "-",
}


def check(target: Target) -> Verdict:
    headers = target.get(PAGE).headers
    wanted = dict(WANTED)
    if target.url.startswith("https://"):
        wanted["Strict-Transport-Security"] = "max-age="
    missing = [name for name, part in wanted.items() if part not in headers.get(name, "")]
    if missing:
        return failed(
            f"{PAGE} comes without {', '.join(missing)}.",
            "Let the router pass our headers; is FRONTEND_URL https and TRUSTED_PROXY_COUNT set?",
        )
    if "unsafe-inline" in headers["Content-Security-Policy"]:
        return failed("The policy that arrives allows inline scripts.", "See who rewrites it.")
    return passed("All protecting headers arrive.")
