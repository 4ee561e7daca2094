"""Another site's script gets no answer."""

from __future__ import annotations

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.HIGH
STRANGER = "https://stranger.example"


def check(target: Target) -> Verdict:
    allowed = target.get("/api/rules", Origin=STRANGER).headers.get(
        "Access-Control-Allow-Origin", ""
    )
    if allowed in {"*", STRANGER}:
        return failed("Any site may read our answers.", "See who adds the header: we do not.")
    return passed("Other origins are not allowed.")
