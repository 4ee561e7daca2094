"""What a check can say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters that a check passes."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Status(StrEnum):
    FAIL = "fail"
    WARN = "warn"
    SKIP = "skip"
    PASS = "pass"  # noqa: S105


@dataclass(frozen=True)
class Verdict:
    """One sentence on what was found, and on what to do unless all is well."""

    status: Status
    message: str
    remedy: str = ""


class Skipped(Exception):  # noqa: N818 - it is no error
    """Raised from anywhere inside a check that cannot be made here; says why."""


def passed(message: str) -> Verdict:
    return Verdict(Status.PASS, message)


def warned(message: str, remedy: str) -> Verdict:
    return Verdict(Status.WARN, message, remedy)


def failed(message: str, remedy: str) -> Verdict:
    return Verdict(Status.FAIL, message, remedy)


def skipped(reason: str, remedy: str = "") -> Verdict:
    return Verdict(Status.SKIP, reason, remedy)
