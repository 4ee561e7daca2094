"""Jobs can be handed to workers."""

from __future__ import annotations

from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.HIGH
SECONDS = 3


def check(target: Target) -> Verdict:
    url = settings.ENVIRONMENT.celery_broker_url
    if not url:
        return warned(
            "CELERY_BROKER_URL is empty: jobs run inside the web processes.",
            "Set CELERY_BROKER_URL to a Redis or RabbitMQ and run the worker of the Procfile.",
        )
    options = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
    try:
        with Connection(
            url,
            connect_timeout=SECONDS,
            transport_options=options if url.startswith("redis") else {},
        ) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=SECONDS)
    except (OperationalError, OSError) as wrong:
        return failed(
            f"The broker does not answer ({type(wrong).__name__}); jobs wait in the database.",
            "Compare CELERY_BROKER_URL with the platform's; is the server up?",
        )
    return passed("The broker answers.")
