"""A script that somebody slips into a page does not run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.HIGH
WEAK = {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"}
ONLY_FOR_SCRIPTS = ("script-src", "style-src", "default-src")
WANTED = ("default-src", "script-src", "object-src", "base-uri", "frame-ancestors")


def check(target: Target) -> Verdict:
    policy: Mapping[str, Any] = getattr(settings, "CONTENT_SECURITY_POLICY", {})
    directives: Mapping[str, Any] = policy.get("DIRECTIVES", {})
    weak = [
        f"{name} {source}"
        for name in ONLY_FOR_SCRIPTS
        for source in directives.get(name, ())
        if str(source) in WEAK
    ]
    if weak:
        return failed(f"The policy allows {', '.join(weak)}.", "Use files or nonces instead.")
    missing = [name for name in WANTED if name not in directives]
    if missing:
        return warned(f"The policy lacks {', '.join(missing)}.", "Add them in config/settings.py.")
    return passed("The policy allows our own files and nonces alone.")
