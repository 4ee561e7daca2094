"""What goes wrong is answered in one shape, and gives nothing away."""

from __future__ import annotations

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.HIGH


def check(target: Target) -> Verdict:
    answer = target.get("/api/no-such-page")
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return failed(
            f"An unknown address is answered with {answer.status_code} and not in our shape.",
            "Is it this service that answers, or a page of the router?",
        )
    if answer.status_code != 404 or "debug" in error:
        return failed("An error shows more than it should.", "Unset DEBUG and ALLOW_DEBUG.")
    return passed("Errors have their shape and show no internals.")
