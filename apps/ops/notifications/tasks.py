"""The jobs that tell people."""

from __future__ import annotations

import datetime
import logging
import smtplib

from django.utils import timezone

from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job, job, scheduled
from apps.ops.notifications.channels import KEPT, notices_prune, notices_send
from apps.ops.notifications.email import email_send, email_suppress
from apps.ops.notifications.models import EmailSuppression

logger = logging.getLogger(__name__)


@job("email.send", queue="email", attempts=8, time_limit=60)
def send_email(job: Job) -> None:
    name, to = job.payload["template"], job.payload["to"]
    try:
        sent = email_send(job)
    except smtplib.SMTPRecipientsRefused as refused:
        _refused(to, refused)
        raise
    logger.info("e-mail %s %s", name, "sent" if sent else "not sent: the address is suppressed")


def _refused(to: str, refused: smtplib.SMTPRecipientsRefused) -> None:
    """A server that says never (5xx) is not asked again, for this mail or another."""
    code, said = refused.recipients.get(to, (0, b""))
    if 500 <= code < 600:
        text = said.decode(errors="replace")
        email_suppress(to=to, reason=EmailSuppression.Reason.BOUNCED, detail=f"{code} {text}")
        message = "The mail server knows no such address."
        raise ApplicationError("validation_error", message) from refused


@job("notifications.send", queue="notifications", attempts=6, time_limit=120)
def send_notices(job: Job) -> None:
    notices_send(job)


@scheduled(
    "notifications.prune", every=datetime.timedelta(days=1), offset=datetime.timedelta(hours=4)
)
def prune_notices(job: Job) -> None:
    notices_prune(before=timezone.now() - KEPT)
