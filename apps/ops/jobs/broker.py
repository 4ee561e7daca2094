"""Publishing to Celery without ever hanging on a broker that is away, and how much lies there."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from apps.ops.jobs.models import Job
from apps.ops.jobs.registry import KINDS

logger = logging.getLogger(__name__)

TASK = "ops.run"
#: Seconds for which nobody knocks after the broker did not answer.
REST = 10.0
_away_until = 0.0
_lock = threading.Lock()


def publish(job: Job) -> bool:
    """Whether the broker has it; the message carries the id alone."""
    global _away_until
    if time.monotonic() < _away_until:
        return False
    kind = KINDS.get(job.kind)
    limit = kind.time_limit if kind else None
    try:
        _celery().send_task(
            TASK,
            args=[str(job.pk)],
            queue=job.queue,
            priority=_priority(job.priority),
            # Soft first, so that the body can end by itself.
            soft_time_limit=limit,
            time_limit=limit + 5 if limit else None,
            confirm_timeout=1,
        )
    except Exception as error:
        # A border: whatever the broker's client raises, the job waits in its row.
        with _lock:
            _away_until = time.monotonic() + REST
        logger.warning("the broker does not answer, jobs wait: %s", error)
        return False
    return True


def depths(queues: list[str]) -> dict[str, int] | None:
    """How many messages lie in each queue; None when the broker does not answer."""
    found = {}
    try:
        with _celery().connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=2)
            for name in queues:
                found[name] = _depth(connection, name)
    except Exception as error:
        logger.warning("the broker does not answer: %s", error)
        return None
    return found


def _depth(connection: Any, name: str) -> int:
    """0 also when there is no such queue: RabbitMQ closes the channel over it."""
    channel = connection.channel()
    try:
        return int(channel.queue_declare(queue=name, passive=True).message_count)
    except connection.channel_errors:
        return 0
    finally:
        channel.close()


def _priority(priority: int) -> int:
    """For Redis the lowest number goes first, for RabbitMQ the highest."""
    return 9 - priority if settings.CELERY_BROKER_URL.startswith("redis") else priority


def _celery() -> Any:
    # Not the current app: a command that never imported ours would publish into nowhere.
    return import_string(settings.CELERY_APP)
