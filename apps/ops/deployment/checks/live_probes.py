"""The running service says that it may get traffic."""

from __future__ import annotations

import requests

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.CRITICAL


def check(target: Target) -> Verdict:
    try:
        live, ready = target.ask("/live"), target.ask("/ready")
    except requests.RequestException as wrong:
        return failed(
            f"{target.url} does not answer ({type(wrong).__name__}).",
            "Is the web process up, and does the name lead to it?",
        )
    if live.status_code != 200 or ready.status_code != 200:
        return failed(
            f"/live answers {live.status_code}, /ready {ready.status_code}.",
            "Read `checks` in the answer of /ready and the log of the web process.",
        )
    status = ready.json().get("status")
    if status != "healthy":
        return warned(f"/ready says {status}.", "Read `checks` in its answer.")
    return passed("/live and /ready answer 200, healthy.")
