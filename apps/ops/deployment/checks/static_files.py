"""Styles and scripts are collected, compressed, and cached for ever."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, passed, warned

SEVERITY = Severity.MEDIUM


def check(target: Target) -> Verdict:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return warned(
            "Static files are not collected: they are served one by one, uncompressed.",
            "Run `manage.py collectstatic --noinput` when building.",
        )
    return passed("Static files are collected.")
