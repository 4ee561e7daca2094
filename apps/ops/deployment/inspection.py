"""Runs every check of the folder and makes one score of what they say."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

from django.db import Error as DatabaseError

from apps.ops.deployment import checks
from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Skipped, Status, Verdict, failed, skipped

logger = logging.getLogger(__name__)

#: What a failed check costs of 100; a warning costs half of it. Two critical failures leave
#: nobody above 20, and a critical one alone keeps a deployment below every sensible bar.
COST = {Severity.CRITICAL: 40, Severity.HIGH: 16, Severity.MEDIUM: 6, Severity.LOW: 2}
_STATUSES = list(Status)
_SEVERITIES = list(Severity)


class CheckModule(Protocol):
    """What a file in `checks` holds."""

    SEVERITY: Severity

    @staticmethod
    def check(target: Target) -> Verdict: ...


@dataclass(frozen=True)
class Result:
    """A check's verdict under its id."""

    id: str
    severity: Severity
    verdict: Verdict

    @property
    def cost(self) -> int:
        whole = COST[self.severity]
        return {Status.FAIL: whole, Status.WARN: whole // 2}.get(self.verdict.status, 0)


@dataclass(frozen=True)
class Inspection:
    """All results, the costliest first, and what they leave of 100."""

    results: tuple[Result, ...]

    @property
    def score(self) -> int:
        return max(0, 100 - sum(result.cost for result in self.results))


def inspect(target: Target) -> Inspection:
    results = [_run(name, module, target) for name, module in modules()]
    return Inspection(tuple(sorted(results, key=_urgency)))


def modules() -> Iterator[tuple[str, CheckModule]]:
    for found in pkgutil.iter_modules(checks.__path__):
        module = importlib.import_module(f"{checks.__name__}.{found.name}")
        yield found.name.replace("_", "-"), cast(CheckModule, module)


def _run(name: str, module: CheckModule, target: Target) -> Result:
    try:
        verdict = module.check(target)
    except Skipped as reason:
        verdict = skipped(str(reason))
    except DatabaseError:
        verdict = skipped("Not without the database; see database-reachable, migrations-applied.")
    except Exception as wrong:
        # A border: one broken check must not hide what the others found.
        logger.exception("the deployment check %s failed", name)
        verdict = failed(
            f"The check itself broke off with {type(wrong).__name__}.",
            "Read the log line of this run; the other checks are not affected.",
        )
    return Result(name, module.SEVERITY, verdict)


def _urgency(result: Result) -> tuple[int, int, int, str]:
    return (
        -result.cost,
        _STATUSES.index(result.verdict.status),
        _SEVERITIES.index(result.severity),
        result.id,
    )
