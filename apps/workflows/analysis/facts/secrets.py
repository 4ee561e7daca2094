"""Keys, tokens and passwords written out in a text: found by form or by name, shown masked.

Two ways lead to a secret: the form its provider gives it (``AKIA…``, ``xoxb-…``), wherever it
stands; or a telling name (``api_key``, ``Authorization``) with a literal value random enough to be
one. Text is never judged by its randomness alone, so ids, hashes and public keys are quiet.

Libraries such as detect-secrets are made for files in a repository: they read from disk line by
line, load plug-ins and take milliseconds per text. The core does no input or output, and this is
called for every step of every workflow; what it needs is a few pure functions over strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.workflows.analysis.facts.secret_formats import FORMATS, Format
from apps.workflows.analysis.facts.secret_values import (
    COMPUTED,
    OPEN_TOKEN,
    is_password_name,
    is_placeholder,
    is_public_token,
    is_secret_name,
    literal_secret,
    plain_name,
)
from apps.workflows.analysis.findings import masked


@dataclass(frozen=True, slots=True)
class Secret:
    """``kind`` says in words what it is; ``value`` is the secret itself and must not be shown."""

    kind: str
    value: str

    @property
    def shown(self) -> str:
        return masked(self.value)

    @property
    def is_test(self) -> bool:
        """Whether it opens nothing but test data."""
        return self.kind == "Stripe test key"


# -- by form -------------------------------------------------------------------------------


#: What a secret is made of; everything else parts words.
_KEPT = bytes(n if n < 128 and (chr(n).isalnum() or chr(n) in "_-.:") else 0x20 for n in range(256))
_SHORTEST = 20
_ANYWHERE = [form for form in FORMATS if form.spans_words]
_IN_A_WORD = [(form, form.needle.encode()) for form in FORMATS if not form.spans_words]


def formats_in(text: str) -> list[Format]:
    """The forms that a text may hold: ask this of a whole workflow before searching its steps.

    Secrets are long words, and a text has few of them: only those are looked at.
    """
    parts = text.encode("utf-8", "surrogatepass").translate(_KEPT).split()
    words = b" ".join([part for part in parts if len(part) >= _SHORTEST and not _is_uuid(part)])
    found = [form for form in _ANYWHERE if form.needle in text]
    found += [form for form, needle in _IN_A_WORD if needle in words]
    return found


def _is_uuid(word: bytes) -> bool:
    """The commonest of long words: n8n numbers every condition and field by one."""
    return len(word) == 36 and word[8:9] == b"-" == word[13:14]


def formed_secrets(text: str, formats: Iterable[Format] = FORMATS) -> Iterator[Secret]:
    """The secrets in a text that have a provider's form; placeholders of that form are none."""
    for form in formats:
        if form.needle in text:
            for match in form.pattern.finditer(text):
                if not is_placeholder(match[0]) and not is_public_token(match[0]):
                    yield Secret(form.kind, match[0])


# -- names and values in a text ------------------------------------------------------------

_SCHEMES = ("bearer", "basic")
_ANNOUNCING = (
    "key", "token", "secret", "passw", "pwd", "authorization", *_SCHEMES, "://",
)  # fmt: skip
#: From a word inside a name on: the rest of the name, what assigns, and the quoted value.
_ASSIGNED = re.compile(
    r"([\w-]{0,40})\\?[\"'`]?\]?\s{0,4}(?::|=>?|(?<=[\"'`]),)\s{0,4}\\?[\"'`]"
    r"((?:(?:bearer|basic|token)\s)?[^\"'`\\\s]{6,2000})\\?[\"'`]",
    re.IGNORECASE,
)
#: By word the rest of the name that it stands in.
_RUNS = {word: re.compile(re.escape(word) + r"[\w-]*") for word in _ANNOUNCING}
_LONGEST_NAME = 60
_NAME_MARK = re.compile(r"[\w-]")
_NAME_BEFORE = re.compile(r"[\w-]*\Z")
_BEARER = re.compile(r"(?:bearer|basic)\s+([\w.~+/=-]{10,2000})(?![\w$({\[])", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"://[^\s:/@\"'`<>]{0,100}:([^\s:/@\"'`<>]{3,100})@[\w{\[]")


def words_in(lower: str) -> list[str]:
    """Which of the words that announce a secret are in a text of lower case."""
    found = [word for word in _ANNOUNCING if word in lower]
    if found[-1:] == ["://"] and "@" not in lower:
        found.pop()  # no address in it can carry a password
    return found


def named_secrets(
    text: str, lower: str = "", words: Iterable[str] | None = None
) -> Iterator[Secret]:
    """The secrets a text (code, JSON, a command line) gives to a name, a header or an address.

    ``lower`` is the text in lower case and ``words`` what ``words_in`` finds in it, if known.
    """
    lower = lower or text.lower()
    seen: set[tuple[str, str]] = set()
    for word in words_in(lower) if words is None else words:
        if word not in lower:
            continue
        for place in _places(lower, word):
            if (secret := _announced(text, word, place, seen)) is not None:
                yield secret


def _announced(text: str, word: str, place: int, seen: set[tuple[str, str]]) -> Secret | None:
    """The secret that a word at a place in the text announces; ``seen`` keeps what was read."""
    if word == "://":
        match = _IN_ADDRESS.match(text, place)
        if match and not COMPUTED.search(match[1]) and not is_placeholder(match[1]):
            return Secret("password in an address", match[1])
        return None
    if word in _SCHEMES:
        match = _BEARER.match(text, place)
        if match is None or ("", match[0]) in seen:
            return None
        seen.add(("", match[0]))
        value = literal_secret("authorization", match[0])
        return Secret("value of Authorization", value) if value else None
    match = _ASSIGNED.match(text, place)
    if match is None:
        return None
    name = match[1]
    if place and _NAME_MARK.match(text, place - 1):  # the word stands inside its name
        before = _NAME_BEFORE.search(text, max(0, place - 40), place)
        name = (before[0] if before else "") + name
    if (name, match[2]) in seen:
        return None
    seen.add((name, match[2]))
    value = literal_secret(name, match[2]) if is_secret_name(name) else None
    return Secret(f"value of {name}", value) if value else None


def _places(text: str, word: str) -> Iterator[int]:
    """Where a word stands, once in each run of letters; of a very long run the end counts."""
    for match in _RUNS[word].finditer(text):
        place, end = match.span()
        if end - place > _LONGEST_NAME:
            place = text.find(word, end - _LONGEST_NAME, end)
        if place >= 0:
            yield place


#: Names that hold a secret in an address, where ``key`` alone is one too.
_IN_QUERY = re.compile(
    r"(?:key|token|secret|password|passwd|pwd|auth|authorization|appid|sig|signature|hapikey)$"
)
#: Keys of an address that are no secrets: they sort, page, look up or protect nothing.
_NOT_IN_QUERY = re.compile(
    r"(?:sort|order|cache|resource|primary|foreign|partition|search|group)key$"
)


def query_secrets(query: str) -> Iterator[tuple[str, str]]:
    """The names and values of the literal secrets in the part of an address behind the ``?``."""
    for pair in query.split("&"):
        name, equals, value = pair.removeprefix("amp;").partition("=")
        plain = plain_name(name)
        if not equals or not _IN_QUERY.search(plain) or _NOT_IN_QUERY.search(plain):
            continue
        if len(value) < 6 or COMPUTED.search(value) or is_placeholder(value):
            continue
        if OPEN_TOKEN.search(plain) or is_public_token(value):
            continue
        # Only a value with a figure in it is no plain word, unless the name leaves no doubt.
        if any(mark.isdigit() for mark in value) or is_password_name(name):
            yield name[:60], value


# -- hiding --------------------------------------------------------------------------------


def redact(text: str) -> str:
    """The text with every secret found in it shown by its last characters at most."""
    values = {secret.value for secret in formed_secrets(text)}
    values.update(secret.value for secret in named_secrets(text))
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, masked(value))
    return text
