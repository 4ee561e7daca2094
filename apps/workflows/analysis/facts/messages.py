"""What a message to the contact says: its text without mark-up, its merge fields, its order."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from apps.workflows.analysis.graph import Graph, Kind, Step

_SMS = ("body", "message", "text")
_EMAIL = ("html", "body", "message", "text")
#: Mark-up that shows something although it holds no text.
_SHOWN = re.compile(r"<\s*(?:img|video|iframe|input|svg|picture|amp-img)\b", re.IGNORECASE)
#: What begins a part that no reader sees, and what ends each; the nameless one is a comment.
_HIDES = re.compile(r"<(?:!--|(style|script|head|title)\b)", re.IGNORECASE)
_SHOWS = {"": re.compile("-->")} | {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE)
    for name in ("style", "script", "head", "title")
}
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,4000}>")
_TOKEN = re.compile(r"\{\{([^{}]{0,300})\}\}")


def is_text(step: Step) -> bool:
    """Whether the step sends an SMS to the contact."""
    return step.spec.kind is Kind.MESSAGE and step.spec.channel == "sms"


def is_email(step: Step) -> bool:
    return step.spec.kind is Kind.MESSAGE and step.spec.channel == "email"


def has_template(step: Step) -> bool:
    """Whether the words come from a template, which the file does not hold."""
    return any(
        bool(value) and "template" in key.lower() and not isinstance(value, bool)
        for key, value in step.params.items()
    )


def content(step: Step) -> Any:
    """The message as the file holds it, mark-up included; ``None`` when there is none."""
    for key in _EMAIL if step.spec.channel == "email" else _SMS:
        value = step.params.get(key)
        if value:
            return value
    return None


def words(step: Step) -> str | None:
    """What the contact reads; ``None`` where the file does not say it."""
    value = content(step)
    if isinstance(value, str):
        return visible(value) if step.spec.channel == "email" else value
    return None


def subject(step: Step) -> str:
    value = step.params.get("subject")
    return value if isinstance(value, str) else ""


def visible(text: str) -> str:
    """A text without its HTML, as far as a reader sees it."""
    if "<" in text:
        text = _TAG.sub(" ", _without_hidden(text))
    return html.unescape(text) if "&" in text else text


def _without_hidden(text: str) -> str:
    """A text without its comments, styles and scripts; one that nothing ends is left as it is.

    No pattern spans a part from end to end: with many openings and no ending it would search the
    rest of the text for each.
    """
    parts = []
    endless = set()
    place = end = 0
    while opening := _HIDES.search(text, place):
        name = (opening[1] or "").lower()
        place = opening.end()
        ending = None if name in endless else _SHOWS[name].search(text, place)
        if ending is None:
            endless.add(name)
        else:
            parts.append(text[end : opening.start()])
            place = end = ending.end()
    parts.append(text[end:])
    return " ".join(parts)


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: no words and no picture."""
    if _SHOWN.search(text):
        return False
    return not visible(text).replace("\u200b", "").replace("\ufeff", "").strip()


def tokens(text: str) -> Iterator[str]:
    """The inside of every ``{{…}}``, blanks around it included."""
    return (match[1] for match in _TOKEN.finditer(text))


def without_tokens(text: str) -> str:
    return _TOKEN.sub("", text)


def first_texts(graph: Graph) -> list[Step]:
    """The SMS that a contact may get before any other, on one path or another."""
    seen = bytearray(len(graph.steps))
    queue = deque(graph.entries)
    found = []
    while queue:
        index = queue.popleft()
        if seen[index]:
            continue
        seen[index] = 1
        step = graph.steps[index]
        if step.enabled and is_text(step):
            found.append(step)
        else:
            queue.extend(edge.target for edge in graph.out[index])
    return sorted(found, key=lambda step: step.index)
