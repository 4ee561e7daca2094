"""Jobs in the web process, where no broker is set: two threads, so that short work overtakes long.

What a process that ends leaves undone is in its row, and the clock of the next one takes it up.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import uuid

from django.db import close_old_connections

from apps.ops.jobs import clock
from apps.ops.jobs.models import Job
from apps.ops.jobs.running import run

logger = logging.getLogger(__name__)

#: One lane of its own for the long work.
LONG = "analysis"

_serving = False
_started_in = 0
_lock = threading.Lock()
_lanes: dict[bool, queue.SimpleQueue[uuid.UUID]] = {}
_waiting: set[uuid.UUID] = set()


def serve() -> None:
    """From now on this process and its children answer requests, and do jobs besides."""
    global _serving
    _serving = True


def is_serving() -> bool:
    return _serving


def start() -> None:
    """Starts the threads and the clock, once per process: threads do not survive a fork."""
    global _started_in
    with _lock:
        if _started_in == os.getpid():
            return
        _started_in = os.getpid()
        _waiting.clear()
        for long in (False, True):
            lane: queue.SimpleQueue[uuid.UUID] = queue.SimpleQueue()
            _lanes[long] = lane
            name = "jobs-long" if long else "jobs-short"
            threading.Thread(target=_work, args=(lane,), name=name, daemon=True).start()
    clock.start(f"web@{os.uname().nodename}:{os.getpid()}")


def submit(jobs: list[Job]) -> None:
    start()
    for job in jobs:
        # The clock may bring what has been waiting in here for long.
        if job.pk not in _waiting:
            _waiting.add(job.pk)
            _lanes[job.queue == LONG].put(job.pk)


def _work(lane: queue.SimpleQueue[uuid.UUID]) -> None:
    while True:
        job_id = lane.get()
        try:
            close_old_connections()
            run(job_id)
        except Exception:
            # The database is away, say; the lease ends and the clock brings the job again.
            logger.exception("job %s could not be run", job_id)
        finally:
            _waiting.discard(job_id)
            close_old_connections()
