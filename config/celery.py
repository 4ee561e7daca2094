"""The Celery application of workers and of the web processes that publish to them."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config import env

env.require_serving(settings.ENVIRONMENT)

app = Celery("workflow_debugger")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _wait_longer(**_kwargs: Any) -> None:
    """A worker blocks a second on an empty queue; the web's half second would break each poll."""
    options = app.conf.broker_transport_options
    if "socket_timeout" in options:
        app.conf.broker_transport_options = {
            **options,
            "socket_timeout": 5,
            "socket_connect_timeout": 5,
        }


@setup_logging.connect
def _keep_logging(**_kwargs: Any) -> None:
    """A receiver here stops Celery from replacing Django's LOGGING."""
