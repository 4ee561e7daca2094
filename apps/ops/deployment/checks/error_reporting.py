"""Errors reach somebody's screen, with their context."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.MEDIUM


def check(target: Target) -> Verdict:
    environment = settings.ENVIRONMENT
    if environment.otel_exporter_otlp_endpoint and find_spec("opentelemetry") is None:
        return failed(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed.",
            "Install requirements/production.txt.",
        )
    if not environment.sentry_dsn:
        return warned("SENTRY_DSN is empty: errors stand in the log alone.", "Set SENTRY_DSN.")
    return passed("Errors are reported to Sentry.")
