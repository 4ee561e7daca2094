"""The Celery application of workers and of the web processes that publish to them."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_ready, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config import env

env.require_serving(settings.ENVIRONMENT)

app = Celery("workflow_debugger", broker=settings.CELERY_BROKER_URL or "memory://")
app.conf.update(
    timezone="UTC",
    task_default_queue="default",
    task_queues={name: {} for name in ("default", "email", "notifications", "analysis")},
    task_queue_max_priority=9,
    # Progress lives in a database row; a Redis result backend makes publishing hang when Redis
    # is gone.
    task_ignore_result=True,
    broker_transport=(
        "config.redis_transport:Transport"
        if settings.CELERY_BROKER_URL.startswith("redis")
        else None
    ),
    # Short for the web, which must not wait for a broker; a worker takes its time below.
    broker_connection_timeout=1,
    broker_transport_options=(
        {
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.5,
            # Beyond the longest job, which its worker would else be given a second time.
            "visibility_timeout": 3600,
            "queue_order_strategy": "priority",
        }
        if settings.CELERY_BROKER_URL.startswith("redis")
        else {"confirm_publish": True, "read_timeout": 2, "write_timeout": 2}
    ),
    task_publish_retry_policy={
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # A job goes on while the broker is away: its row will say that it was done.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # One message at a time, so that a worker that dies held no others back.
    worker_prefetch_multiplier=1,
    # A fresh process now and then, or when one has grown (kB).
    worker_max_tasks_per_child=1000,
    worker_max_memory_per_child=400_000,
    # Platforms kill 30 s after SIGTERM; what runs until then is given back.
    worker_soft_shutdown_timeout=20,
    # Workers tick by themselves; `celery beat` may do so as well.
    beat_schedule={
        "tick": {
            "task": "ops.tick",
            "schedule": settings.JOB_TICK_SECONDS,
            "options": {"expires": settings.JOB_TICK_SECONDS},
        }
    },
)
# Celery's own name for it; else each task would open the database anew.
app.conf["CELERY_DB_REUSE_MAX"] = 1000
app.autodiscover_tasks(["apps.ops.jobs"], related_name="celery_tasks")


@worker_init.connect
def _wait_longer(**_kwargs: Any) -> None:
    """A worker blocks a second on an empty queue; the web's half second would break each poll."""
    options = dict(app.conf.broker_transport_options)
    if "socket_timeout" in options:
        options |= {"socket_timeout": 5, "socket_connect_timeout": 5}
    options.pop("read_timeout", None)
    options.pop("write_timeout", None)
    app.conf.broker_transport_options = options
    app.conf.broker_connection_timeout = 5


@worker_ready.connect
def _start_clock(sender: Any, **_kwargs: Any) -> None:
    from apps.ops.jobs import clock

    clock.start(sender.hostname)


@worker_shutdown.connect
def _stop_clock(sender: Any, **_kwargs: Any) -> None:
    from apps.ops.jobs import clock

    clock.stop(sender.hostname)


@setup_logging.connect
def _keep_logging(**_kwargs: Any) -> None:
    """A receiver here stops Celery from replacing Django's LOGGING."""
