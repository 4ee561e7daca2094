"""Words that were meant to be replaced before anybody sees them: lorem ipsum, [Name], YOUR_KEY."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A text with none of these holds no placeholder (capitals of some aside, which nobody writes).
_MARKS = ("YOUR", "your", "Your", "TODO", "xample.", "XAMPLE.", "orem ipsum", "OREM IPSUM")

_EXAMPLE = re.compile(r"(?<![\w-])example\.(?:com|org|net)(?![\w-]|\.\w)", re.IGNORECASE)
_YOUR = re.compile(r"(?<![A-Za-z0-9])YOUR[_-][A-Z0-9][A-Z0-9_-]{0,60}(?![a-z])")
_YOUR_KEY = re.compile(
    r"(?<![a-z0-9_-])your[_-](?:api|access|auth|bearer|bot|client|secret|token|key|domain|webhook"
    r"|instance|project|company|real|actual)(?:[_-][a-z0-9]{1,30}){0,4}(?![a-z0-9_-])",
    re.IGNORECASE,
)
_YOUR_HOST = re.compile(
    r"(?<![a-z0-9-])your-?(?:domain|company|site|website|business|server|instance|app|store|shop"
    r"|api|org|n8n(?:-?instance)?)\.[a-z]{2,10}(?![a-z0-9-])",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"(?<![\w\])}$.@\\])\[([A-Za-z][A-Za-z '’_/-]{0,40})\](?![\w(\[:=])")
#: A note to oneself; “TODO LIST” and Spanish capitals (“TODO INCLUIDO”) are words of the text.
_TODO = re.compile(
    r"(?<![\w/#@.-])TODO(?:\s*[:\-–—…(\])>]|\s*$|\s+(?!list\b|app\b)[a-z])", re.MULTILINE
)
_SPANISH = re.compile(
    r"TODO\s+(?:el|la|los|las|lo|un|una|tu|su|mi|esto|eso|está|es|en|con|para|por|y|de|a|se)\b"
)

_WORDS = frozenset(
    {"name", "first name", "firstname", "last name", "lastname", "full name", "fullname"}
    | {"company", "company name", "business", "business name", "brand name", "agency name"}
    | {"phone", "phone number", "mobile number", "email", "email address", "e mail", "address"}
    | {"city", "date", "time", "date time", "date and time", "link", "url", "website"}
    | {"booking link", "calendar link", "website url", "website link", "link here", "url here"}
    | {"product name", "service name", "job title", "placeholder", "todo", "tbd", "signature"}
    | {"amount", "price", "customer", "client", "recipient", "sender"}
)
_STARTS = ("your ", "insert ", "enter ", "add your ", "customer ", "client ", "recipient ")
_NOT = frozenset({"customer service", "customer support", "client portal", "customer success"})


def without_expressions(text: str) -> str:
    """The text with nothing in place of every ``{{…}}``."""
    if "{{" not in text:
        return text
    parts = []
    end = 0
    while (start := text.find("{{", end)) >= 0:
        parts.append(text[end:start])
        close = text.find("}}", start + 2)
        if close < 0:
            return "".join(parts)
        end = close + 2
    parts.append(text[end:])
    return "".join(parts)


def may_hold(text: str, *, prose: bool) -> bool:
    """A quick look, before the slow one."""
    return any(mark in text for mark in _MARKS) or (prose and "[" in text)


def placeholders(text: str, *, prose: bool = True) -> Iterator[str]:
    """The placeholders in a text; ``prose`` for what people read, where brackets stand for one."""
    lower = text.lower()
    if "lorem ipsum" in lower:
        yield "lorem ipsum"
    if "example." in lower:
        yield from (match[0] for match in _EXAMPLE.finditer(text))
    if "your" in lower:
        for pattern in (_YOUR, _YOUR_KEY, _YOUR_HOST):
            yield from (match[0] for match in pattern.finditer(text))
    if "TODO" in text and _TODO.search(text) and not _SPANISH.search(text):
        yield "TODO"
    if prose and "[" in text:
        yield from (match[0] for match in _BRACKETS.finditer(text) if _is_stand_in(match[1]))


def _is_stand_in(words: str) -> bool:
    words = " ".join(re.split(r"[ _/’'-]+", words.lower())).strip()
    if words in _NOT:
        return False
    return words in _WORDS or words.startswith(_STARTS)
