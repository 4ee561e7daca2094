"""Answers come before people notice that they wait."""

from __future__ import annotations

import statistics

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.MEDIUM
PATHS = ("/live", "/ready", "/api/rules")
TIMES = 5
#: Milliseconds of the slowest path's median, the way there and back included.
SLOW, TOO_SLOW = 500, 2000


def check(target: Target) -> Verdict:
    medians = {path: _median(target, path) for path in PATHS}
    path, slowest = max(medians.items(), key=lambda item: item[1])
    told = f"The slowest of {len(PATHS)} addresses, {path}, takes {slowest:.0f} ms."
    if slowest > TOO_SLOW:
        return failed(told, "See /api/monitoring/endpoints, and the size of the plan.")
    if slowest > SLOW:
        return warned(told, "See /api/monitoring/endpoints for where the time goes.")
    return passed(told)


def _median(target: Target, path: str) -> float:
    target.get(path)
    answers = [target.ask_anew(f"{target.url}{path}") for _ in range(TIMES)]
    return statistics.median(answer.elapsed.total_seconds() * 1000 for answer in answers)
