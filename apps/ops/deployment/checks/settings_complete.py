"""Everything that a server needs to start is set."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.CRITICAL


def check(target: Target) -> Verdict:
    problems = settings.ENVIRONMENT.problems
    if problems:
        found = "; ".join(f"{each.name}: {each.what}" for each in problems)
        return failed(f"No server would start: {found}.", "; ".join(str(p.fix) for p in problems))
    return passed("Every variable that a server needs is set and well formed.")
