"""What a web process does by itself, beside its requests: one thread, a beat every two seconds."""

import logging
import threading
import time
from collections.abc import Callable

from apps.ops import database
from apps.ops.metrics import machines

logger = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
#: What to do, and every how many seconds.
WORK: list[tuple[Callable[[], None], float]] = [
    (machines.publish, 2.0),
    (database.watch, 30.0),
]

_stop = threading.Event()


def start() -> None:
    """In the process itself, after it was forked: threads do not survive that."""
    _stop.clear()
    threading.Thread(target=_beat, name="pulse", daemon=True).start()


def stop() -> None:
    _stop.set()


def _beat() -> None:
    due = [0.0] * len(WORK)
    while not _stop.wait(BEAT_SECONDS):
        for number, (act, every) in enumerate(WORK):
            if time.monotonic() < due[number]:
                continue
            due[number] = time.monotonic() + every
            try:
                act()
            except Exception:
                # A border: the next beat must come whatever went wrong in this one.
                logger.exception("%s failed", act.__name__)
