"""Errors to Sentry and traces to OpenTelemetry, each only where it is configured.

Both are imported when needed: they cost memory that a deployment without them should not pay.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings

from apps.ops import context, logs

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer
    from sentry_sdk.types import Event, Hint

logger = logging.getLogger(__name__)

SERVICE = "workflow-debugger"
#: Log fields that errors can be searched by.
TAGS = ("requestId", "kind", "errorType", "code", "route", "method", "user", "account", "job")


def start_sentry() -> None:
    """Every log event of ERROR and above becomes one event there; nothing else is sent.

    Neither requests nor local variables go out: they hold people's definitions and tokens.
    """
    if not settings.ENVIRONMENT.sentry_dsn:
        return
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=settings.ENVIRONMENT.sentry_dsn,
        send_default_pii=False,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            DedupeIntegration(),
            AtexitIntegration(callback=_quietly),
        ],
        include_local_variables=False,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
        before_send=_redacted,
    )


def _quietly(pending: int, timeout: float) -> None:
    """The library would write on stderr that it waits for events to be sent."""


def _redacted(event: Event, hint: Hint) -> Event:
    fields: dict[str, Any] = {**context.log_fields(), "requestId": context.request_id.get()}
    record = hint.get("log_record")
    if record is not None:
        fields |= {name: getattr(record, name) for name in TAGS if hasattr(record, name)}
    safe: Event = logs.redact(event)
    safe["tags"] = {name: str(logs.redact(fields[name], name)) for name in TAGS if fields.get(name)}
    return safe


def tracer() -> Tracer | None:
    """The source of spans; None when tracing is off or its packages are missing (said once)."""
    endpoint = settings.ENVIRONMENT.otel_exporter_otlp_endpoint
    if not endpoint:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        logger.error(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed: no traces "
            "are sent. Fix: pip install -r requirements/production.txt, or unset it."
        )
        return None
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider.get_tracer(SERVICE)
