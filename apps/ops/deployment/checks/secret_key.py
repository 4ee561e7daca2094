"""The key that signs sessions cannot be guessed."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.CRITICAL
LEAST, LEAST_DISTINCT = 50, 12
_RECIPE = "Set SECRET_KEY: python -c 'import secrets; print(secrets.token_urlsafe(50))'"


def check(target: Target) -> Verdict:
    key = settings.ENVIRONMENT.secret_key
    if not key:
        return failed("SECRET_KEY is not set: each process would make up its own.", _RECIPE)
    if len(set(key)) < LEAST_DISTINCT or "insecure" in key or "change" in key.lower():
        return failed("SECRET_KEY looks typed or copied, not random.", _RECIPE)
    if len(key) < LEAST:
        return warned(f"SECRET_KEY has {len(key)} characters; {LEAST} are advised.", _RECIPE)
    return passed("SECRET_KEY is long and random.")
