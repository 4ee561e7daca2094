"""Tokens of customers are stored under keys that are really random."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped

SEVERITY = Severity.CRITICAL
LEAST_DISTINCT = 8
_RECIPE = "Set TOKEN_ENCRYPTION_KEYS to k1: and the output of `openssl rand -base64 32`."


def check(target: Target) -> Verdict:
    environment = settings.ENVIRONMENT
    keys = environment.token_encryption_keys
    if not keys:
        if environment.highlevel_client_id:
            return failed("HighLevel is configured, but no key to store its tokens under.", _RECIPE)
        return skipped("No TOKEN_ENCRYPTION_KEYS: connections to platforms are off.", _RECIPE)
    weak = [name for name, key in keys.items() if len(set(key)) < LEAST_DISTINCT]
    if weak:
        return failed(f"The keys {', '.join(weak)} are not random.", _RECIPE)
    if len(set(keys.values())) < len(keys):
        return failed("Two ids have the same key: rotating changed nothing.", _RECIPE)
    return passed(f"{len(keys)} keys are set; {next(iter(keys))} writes.")
