"""The language still gets security fixes."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.LOW
#: The first day without fixes, by python.org.
ENDS = {
    (3, 11): datetime(2027, 11, 1, tzinfo=UTC),
    (3, 12): datetime(2028, 11, 1, tzinfo=UTC),
    (3, 13): datetime(2029, 11, 1, tzinfo=UTC),
    (3, 14): datetime(2030, 11, 1, tzinfo=UTC),
}


def check(target: Target) -> Verdict:
    version = platform.python_version()
    ends = ENDS.get((sys.version_info.major, sys.version_info.minor))
    if ends is None:
        return warned(f"Python {version} is not one this is tested with.", "Use .python-version.")
    if datetime.now(UTC) >= ends:
        return failed(f"Python {version} gets no fixes any more.", "Move to a newer one.")
    return passed(f"Python {version} gets fixes until {ends:%B %Y}.")
