"""The product's own gunicorn settings, without what its processes do beside serving."""

from typing import Any

from config.gunicorn import *  # noqa: F403


def post_worker_init(worker: Any) -> None:  # type: ignore[no-redef]
    """The bare views have no jobs and no health."""


def worker_exit(server: Any, worker: Any) -> None:  # type: ignore[no-redef]
    """And no connections."""
