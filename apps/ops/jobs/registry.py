"""Every kind of job and every schedule, declared beside their bodies in the apps' `tasks.py`."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from apps.ops.jobs.models import Job

Body = Callable[[Job], None]
QUEUES = ("default", "email", "notifications", "analysis")
#: Seconds; the broker shows a message to another worker only after the longest job.
LONGEST = 1800
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """How jobs of one kind are run."""

    name: str
    body: Body
    queue: str
    attempts: int
    time_limit: int
    priority: int
    atomic: bool


@dataclass(frozen=True, slots=True)
class Period:
    """How often a job is enqueued by the clock, counted from midnight UTC and `offset`."""

    kind: str
    every: datetime.timedelta
    offset: datetime.timedelta

    def after(self, moment: datetime.datetime) -> datetime.datetime:
        """The first due time later than the moment."""
        start = _EPOCH + self.offset
        return start + ((moment - start) // self.every + 1) * self.every


KINDS: dict[str, Kind] = {}
PERIODS: dict[str, Period] = {}


def job(
    name: str,
    *,
    queue: str = "default",
    attempts: int = 8,
    time_limit: int = 60,
    priority: int = 5,
    atomic: bool = False,
) -> Callable[[Body], Body]:
    """Declares the body of a kind of job.

    `attempts` counts the first try; `time_limit` is in seconds; of two waiting jobs the one with
    the higher `priority` (0 to 9) goes first. `atomic` makes the body and the mark that it is done
    one transaction: for short bodies that change the database and nothing else.
    """
    if queue not in QUEUES or not 0 <= priority <= 9 or not 0 < time_limit <= LONGEST:
        raise ValueError(f"{name}: no such queue, priority or time limit")

    def declare(body: Body) -> Body:
        known = KINDS.get(name)
        if known and (known.body.__module__, known.body.__qualname__) != (
            body.__module__,
            body.__qualname__,
        ):
            raise ValueError(f"{name} is declared twice")
        KINDS[name] = Kind(name, body, queue, attempts, time_limit, priority, atomic)
        return body

    return declare


def scheduled(
    name: str,
    *,
    every: datetime.timedelta,
    offset: datetime.timedelta = datetime.timedelta(),
    queue: str = "default",
    attempts: int = 5,
    time_limit: int = 600,
    priority: int = 5,
) -> Callable[[Body], Body]:
    """A job, as by `job`, that the clock enqueues `every` so often.

    Due times count from midnight UTC plus `offset` (of a week: from Thursday, as 1970 began). A
    run that was missed is made up for once; one that still runs is not begun a second time.
    """

    def declare(body: Body) -> Body:
        PERIODS[name] = Period(name, every, offset)
        return job(name, queue=queue, attempts=attempts, time_limit=time_limit, priority=priority)(
            body
        )

    return declare
