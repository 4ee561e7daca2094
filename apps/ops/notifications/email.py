"""E-mail: enqueued with its cause, rendered and sent by a job, never to a suppressed address."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template import Context, Engine
from django.template.loader import render_to_string

from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job, enqueue
from apps.ops.notifications.catalogue import EMAILS
from apps.ops.notifications.models import EmailSuppression

logger = logging.getLogger(__name__)

SALT = "email.unsubscribe"
#: Characters of one text in a mail: names are people's, and may be as long as they like.
LONGEST = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_subjects = Engine()


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def email_enqueue(
    template: str,
    *,
    to: str,
    context: Mapping[str, Any],
    account_id: uuid.UUID | None = None,
    key: str = "",
) -> Job:
    """Sends one of the e-mails of the catalogue once the caller's transaction is committed.

    `key` keeps the same mail from being enqueued twice while it waits. Raises `validation_error`
    for what is no address of one person.
    """
    if template not in EMAILS:
        raise KeyError(template)
    payload = {"template": template, "to": address(to), "context": dict(context)}
    return enqueue("email.send", payload=payload, account_id=account_id, key=key)


def email_offer(template: str, *, to: str, **more: Any) -> Job | None:
    """The same where the cause counts whether or not anybody can be written to."""
    try:
        return email_enqueue(template, to=to, **more)
    except ApplicationError:
        logger.warning("the e-mail %s has nobody to go to: the address is none", template)
        return None


def address(text: str) -> str:
    """The bare address; a line break or a second address would make a second mail of it."""
    try:
        validate_email(text)
    except ValidationError:
        raise ApplicationError("validation_error", "This is no e-mail address.") from None
    return text


def email_send(job: Job) -> bool:
    """Whether it was sent; not to those who must not get it."""
    name, to = job.payload["template"], job.payload["to"]
    if is_suppressed(to, essential=EMAILS[name].essential):
        return False
    rendered = render(name, job.payload["context"], to=to)
    # The same for every try, so that a mailbox can tell a repetition.
    headers = {"Message-ID": f"<{job.pk}@{_domain()}>"}
    if not EMAILS[name].essential:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url(to)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        rendered.subject, rendered.text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers
    )
    message.attach_alternative(rendered.html, "text/html")
    message.send()
    return True


def render(name: str, context: Mapping[str, Any], *, to: str = "") -> Rendered:
    """Texts of people are shortened and on one line; in HTML they are escaped as well."""
    email = EMAILS[name]
    values = {**tame(context), "site": site(), "email": email}
    if to and not email.essential:
        values["unsubscribe"] = unsubscribe_url(to)
    subject = _subjects.from_string(email.subject).render(Context(values, autoescape=False))
    return Rendered(
        " ".join(subject.split())[:200],
        render_to_string(f"email/{name}.txt", values).strip() + "\n",
        render_to_string(f"email/{name}.html", values),
    )


def tame(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROL.sub(" ", value)[:LONGEST]
    if isinstance(value, Mapping):
        return {str(key): tame(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [tame(inner) for inner in value]
    return value


def site() -> str:
    """Where links of mails lead."""
    return str(settings.FRONTEND_URL or f"http://localhost:{settings.ENVIRONMENT.port}")


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def unsubscribe_url(to: str) -> str:
    return f"{site()}/email/unsubscribe/{signing.dumps(to.lower(), salt=SALT)}"


def unsubscribing(token: str) -> str:
    """The address behind a link. Raises `not_found` for one we did not make."""
    try:
        return str(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        raise ApplicationError("not_found", "This link is not complete.") from None


def is_suppressed(to: str, *, essential: bool) -> bool:
    found = EmailSuppression.objects.filter(address=to.lower())
    if essential:
        found = found.exclude(reason=EmailSuppression.Reason.UNSUBSCRIBED)
    return found.exists()


def email_suppress(*, to: str, reason: EmailSuppression.Reason, detail: str = "") -> None:
    row = EmailSuppression(address=to.lower(), reason=reason, detail=detail[:500])
    EmailSuppression.objects.bulk_create([row], ignore_conflicts=True)
