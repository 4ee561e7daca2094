"""Logs can be searched by machine, and say neither too much nor too little."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, passed, warned

SEVERITY = Severity.LOW


def check(target: Target) -> Verdict:
    level = settings.ENVIRONMENT.log_level
    if settings.LOG_FORMAT != "json":
        return warned("Logs are lines for a console.", "Set LOG_FORMAT=json, or unset it.")
    if level == "DEBUG":
        return warned("LOG_LEVEL=DEBUG writes every query.", "Set LOG_LEVEL=INFO.")
    if level in {"ERROR", "CRITICAL"}:
        return warned(
            f"LOG_LEVEL={level} drops the access lines and warnings.", "Set LOG_LEVEL=INFO."
        )
    return passed("Logs are JSON from INFO or WARNING up.")
