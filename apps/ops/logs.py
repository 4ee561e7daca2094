"""Log lines as JSON or for a console, with the request's id and without anything secret."""

import copy
import datetime
import logging
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from pythonjsonlogger.json import JsonFormatter as BaseJsonFormatter

from apps.ops import context, envelope

HIDDEN = "[hidden]"
_SECRET_NAME = re.compile(
    r"passw|passphrase|secret|token|authori[sz]ation|api[-_]?key|private[-_]?key|cookie"
    r"|session[-_]?id|signature|credential|encryption[-_]?key|(?:database|redis|broker|email)_url",
    re.IGNORECASE,
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {HIDDEN}"),
    # user:password@ in an address
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), rf"\1{HIDDEN}@"),
    # our tokens, Stripe's, HighLevel's private integration tokens, JWTs
    (
        re.compile(
            r"\b(?:wd_|wds_|sk_live_|sk_test_|rk_live_|rk_test_|whsec_|pit-)[\w-]{6,}"
            r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
        ),
        HIDDEN,
    ),
)
# name=value and "name": "value". A caller chooses what a path holds, however long: nothing here
# may look at the same text twice, hence one start per word and no way back into it.
_NAMED = re.compile(r"(?<![\w-])([\w-]++)[\"']?\s*+[=:]\s*+")
_NAMED_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,;&}\]\"']+")
_NAMED_SECRET = re.compile(
    r"passw(?:or)?d|secret|token|api[-_]?key|authorization|cookie", re.IGNORECASE
)
# What would begin a line of its own, or act on the terminal that shows the log.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def redact(value: Any, name: str = "") -> Any:
    """The same value with everything secret hidden, by its name or by its look."""
    if name and _SECRET_NAME.search(name) and value is not None:
        return HIDDEN
    if isinstance(value, str):
        return _redact_text(value)
    if isinstance(value, Mapping):
        return {key: redact(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _redact_text(str(value))


def clean(record: logging.LogRecord) -> logging.LogRecord:
    """A copy that is safe to write: message, arguments, extra fields and traceback."""
    safe = copy.copy(record)
    safe.msg, safe.args = _message(record), None
    for name, value in vars(record).items():
        if name not in _STANDARD:
            setattr(safe, name, redact(value, name))
    if record.exc_info:
        safe.exc_text = _redact_text(logging.Formatter().formatException(record.exc_info))
        safe.exc_info = None
    return safe


class JsonFormatter(BaseJsonFormatter):
    """One JSON object per line."""

    def __init__(self) -> None:
        super().__init__(
            "{levelname}{name}{message}",
            style="{",
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
        )

    def format(self, record: logging.LogRecord) -> str:
        return super().format(clean(record))

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        log_data["timestamp"] = envelope.timestamp(_moment(record))
        super().add_fields(log_data, record, message_dict)
        log_data["requestId"] = context.request_id.get()
        log_data.update(redact(dict(context.log_fields())))


class ConsoleFormatter(logging.Formatter):
    """A short line for a person, with the first part of the request's id."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        safe = clean(record)
        safe.msg = _CONTROL.sub(lambda found: repr(found[0])[1:-1], safe.msg)
        line = super().format(safe)
        identity = context.request_id.get()
        return f"{line} [{identity[:8]}]" if identity else line


def _message(record: logging.LogRecord) -> str:
    """The finished text; `%` in it must not be formatted again, so the arguments go."""
    args = record.args
    if isinstance(args, Mapping):
        args = {key: _argument(value, str(key)) for key, value in args.items()}
    elif args:
        args = tuple(_argument(value) for value in args)
    shown = copy.copy(record)
    shown.args = args
    try:
        return _redact_text(shown.getMessage())
    except (TypeError, ValueError):
        return _redact_text(f"{record.msg} {args}")


def _argument(value: Any, name: str = "") -> Any:
    # Numbers stay numbers for %d; text and objects are searched once more in the whole line.
    return redact(value, name) if name or isinstance(value, str | Mapping) else value


def _redact_text(text: str) -> str:
    for secret in _configured():
        text = text.replace(secret, HIDDEN)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return _hide_named(text)


def _hide_named(text: str) -> str:
    parts, done = [], 0
    for name in _NAMED.finditer(text):
        if name.start() < done or not _NAMED_SECRET.search(name[1]):
            continue
        value = _NAMED_VALUE.match(text, name.end())
        if value and not text.startswith(HIDDEN, name.end()):
            parts += [text[done : name.end()], HIDDEN]
            done = value.end()
    return "".join(parts) + text[done:]


def _configured() -> list[str]:
    """The secrets of this very deployment, which no pattern could know."""
    environment = settings.ENVIRONMENT
    known = [
        settings.SECRET_KEY,
        environment.monitoring_token,
        environment.highlevel_client_secret,
        environment.stripe_secret_key,
        *environment.stripe_webhook_secrets,
    ]
    return [secret for secret in known if len(secret) >= 8]


def _moment(record: logging.LogRecord) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(record.created, datetime.UTC)
