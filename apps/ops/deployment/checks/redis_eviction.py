"""A full Redis drops cached values, never jobs."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.redis_client import connected
from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Skipped, Verdict, passed, skipped, warned

SEVERITY = Severity.LOW


def check(target: Target) -> Verdict:
    broker = settings.ENVIRONMENT.celery_broker_url
    if not broker.startswith("redis"):
        return skipped("The broker is not a Redis.")
    try:
        with connected(broker) as client:
            policy = str(client.info("memory").get("maxmemory_policy", ""))
    except OSError as wrong:
        raise Skipped("The broker does not answer; see broker.") from wrong
    if policy.startswith("allkeys"):
        return warned(
            f"Its policy {policy} may drop waiting jobs; they are sent again within a minute.",
            "Set maxmemory-policy to noeviction or volatile-lru, or give jobs their own Redis.",
        )
    return passed(f"The policy of the broker is {policy or 'not told'}.")
