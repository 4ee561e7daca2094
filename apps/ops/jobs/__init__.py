"""Work outside the request: a row written with its cause, done at least once, retried, parked.

    @job("webhooks.process", queue="default", attempts=8, time_limit=60)
    def process(job: Job) -> None: ...

    enqueue("webhooks.process", payload={"delivery": delivery.pk}, key=str(delivery.pk))

Bodies live in the `tasks.py` of the owning app. They may run twice, after a crash say, and must
then do nothing twice; with `atomic=True` the body and the mark that it is done are one transaction.
"""

from apps.ops.jobs.models import Job
from apps.ops.jobs.registry import job, scheduled
from apps.ops.jobs.services import enqueue

__all__ = ["Job", "enqueue", "job", "scheduled"]
