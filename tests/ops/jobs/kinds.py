"""Kinds of jobs that only the tests know; workers load them with `--include`."""

from __future__ import annotations

import logging
import os
import signal
import time

from django.db import connection

from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job, enqueue, job

logger = logging.getLogger(__name__)
#: What bodies did in this process, in order.
done: list[object] = []


@job("test.note")
def note(job: Job) -> None:
    done.append(job.payload.get("n"))


@job("test.fail", attempts=3)
def fail(job: Job) -> None:
    done.append(job.attempts)
    raise RuntimeError("sk_live_abcdefgh12345678 did not work")


@job("test.refuse")
def refuse(job: Job) -> None:
    raise ApplicationError("not_found", "It is gone.")


@job("test.limited")
def limited(job: Job) -> None:
    raise ApplicationError("upstream_rate_limited", headers={"Retry-After": "900"})


@job("test.chain")
def chain(job: Job) -> None:
    done.append("chain begins")
    enqueue("test.note", payload={"n": "chained"})
    done.append("chain ends")


@job("test.effect", atomic=True)
def effect(job: Job) -> None:
    """Nothing keeps it from being written twice but the job itself."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (n) VALUES (%s)", [job.payload["n"]])
    if job.payload["n"] % 50 == 49:
        time.sleep(0.3)  # so that a kill finds something half done
    logger.info("effect %s", job.payload["n"])


@job("test.effect_later", atomic=True)
def effect_later(job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (n) VALUES (%s)", [1000 + job.payload["n"]])


@job("test.poison", attempts=2)
def poison(job: Job) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@job("test.atomic_failure", atomic=True, attempts=1)
def atomic_failure(job: Job) -> None:
    enqueue("test.note", payload={"n": "never"})
    raise RuntimeError("after a write")
