"""Somebody takes the jobs up."""

from __future__ import annotations

from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Skipped, Verdict, failed, passed, skipped

SEVERITY = Severity.HIGH
SECONDS = 3


def check(target: Target) -> Verdict:
    url = settings.ENVIRONMENT.celery_broker_url
    if not url:
        return skipped("Without a broker the web processes run the jobs.")
    # An application of its own: this command must not become the one that publishes.
    app = Celery(broker=url, set_as_current=False)
    app.conf.broker_connection_timeout = SECONDS
    if url.startswith("redis"):
        app.conf.broker_transport_options = {"socket_connect_timeout": SECONDS}
    try:
        answers = app.control.ping(timeout=SECONDS, limit=1)
    except (OperationalError, OSError) as wrong:
        raise Skipped("The broker does not answer; see broker.") from wrong
    if not answers:
        return failed("No worker answers: jobs wait.", "Start the worker of the Procfile.")
    return passed("A worker answers.")
