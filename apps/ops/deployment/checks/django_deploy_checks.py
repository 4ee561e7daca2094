"""Django's own `check --deploy` has nothing to say."""

from __future__ import annotations

from django.core.checks import ERROR, run_checks

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.HIGH
SHOWN = 5
#: About the wording of the OpenAPI schema; `make lint` holds them.
OF_DEVELOPMENT = "drf_spectacular."


def check(target: Target) -> Verdict:
    found = [
        each
        for each in run_checks(include_deployment_checks=True)
        if not each.is_silenced() and not str(each.id).startswith(OF_DEVELOPMENT)
    ]
    if not found:
        return passed("`check --deploy` has no message.")
    # The first sentence of each: further on stand advice and paths.
    told = "; ".join(f"{each.id} {each.msg.split('. ')[0]}" for each in found[:SHOWN])
    more = f" (and {len(found) - SHOWN} more)" if len(found) > SHOWN else ""
    verdict = failed if any(each.level >= ERROR for each in found) else warned
    return verdict(f"{told}{more}", "Run `manage.py check --deploy` and follow what it says.")
