"""There is room for logs, uploads and temporary files."""

from __future__ import annotations

import shutil
import tempfile

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.MEDIUM
LITTLE, TOO_LITTLE = 15, 5


def check(target: Target) -> Verdict:
    usage = shutil.disk_usage(tempfile.gettempdir())
    free = 100 * usage.free // usage.total
    told = f"{free} % of the disk ({usage.free // 2**20} MB) is free."
    if free < TOO_LITTLE:
        return failed(told, "Free some, or choose a larger disk.")
    if free < LITTLE:
        return warned(told, "Find out what fills it.")
    return passed(told)
