"""What the running request or job is: its id, and the fields that every log line carries."""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_fields: ContextVar[Mapping[str, object]] = ContextVar("log_fields", default={})  # noqa: B039


def accepted_or_new_id(given: str | None) -> str:
    """The caller's id when it is a UUID, so that nothing else can reach headers and logs."""
    return given if given and _UUID.fullmatch(given) else str(uuid.uuid4())


def log_fields() -> Mapping[str, object]:
    return _fields.get()


@contextmanager
def bind(**fields: object) -> Iterator[None]:
    """Adds fields, such as job or account, to every log line written inside."""
    token = _fields.set({**_fields.get(), **fields})
    try:
        yield
    finally:
        _fields.reset(token)


def note(**fields: object) -> None:
    """As `bind`, for the rest of what runs inside the nearest `bind`."""
    _fields.set({**_fields.get(), **fields})
