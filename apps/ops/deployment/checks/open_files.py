"""A process may hold as many connections as visitors open."""

from __future__ import annotations

import resource

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, passed, warned

SEVERITY = Severity.LOW
LEAST = 1024


def check(target: Target) -> Verdict:
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit != resource.RLIM_INFINITY and limit < LEAST:
        return warned(f"A process may open {limit} files.", f"Raise `ulimit -n` to {LEAST}.")
    return passed("A process may open enough files.")
