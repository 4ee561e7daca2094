"""Every kind of event that an account's channels can be told of, and in what words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context, Engine

from apps.ops.notifications.email import site, tame

_engine = Engine()


@dataclass(frozen=True, slots=True)
class Event:
    """`about` is for the settings; title and body are templates over the event's context."""

    about: str
    title: str
    body: str


EVENTS: Mapping[str, Event] = {
    "scan_finished": Event(
        "A scan is done",
        "Scan of {{ account }} done: score {{ score|default_if_none:'–' }}",
        "{{ done }} analysed{% if failed %}, {{ failed }} could not be{% endif %}; "
        "{{ new }} new and {{ fixed }} fixed findings.",
    ),
    "workflow_worse": Event(
        "A workflow's grade fell",
        "{{ name }} got worse: {{ before }} → {{ grade }}",
        "Its score is {{ score }} now, {{ new }} findings are new.",
    ),
    "new_critical": Event(
        "A workflow has a new critical finding",
        "{{ name }}: {{ newCritical }} new critical finding{{ newCritical|pluralize }}",
        "{{ title }}",
    ),
    "connection_attention": Event(
        "A platform needs to be connected again",
        "{{ provider|default:'A platform' }} needs to be connected again",
        "The workflows of {{ account }} can no longer be read. {{ reason }}",
    ),
    "payment_failed": Event(
        "A payment failed",
        "A payment for {{ account }} failed",
        "{% if amount %}{{ amount }} could not be charged. {% endif %}Check the payment method.",
    ),
    "weekly_summary": Event(
        "The week in numbers",
        "Your week in {{ account }}: score {{ score|default_if_none:'–' }}",
        "{{ new }} new and {{ fixed }} fixed findings in {{ analyses }} analyses.",
    ),
}


def worded(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """The title and the body; texts of people are shortened and stay on one line."""
    values = Context(tame(context), autoescape=False)
    title = _engine.from_string(EVENTS[kind].title).render(values)
    body = _engine.from_string(EVENTS[kind].body).render(values).strip()
    path = str(context.get("path") or "")
    link = f"\n{site()}{path}" if path.startswith("/") else ""
    return " ".join(title.split())[:300], body + link
