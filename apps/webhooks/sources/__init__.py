"""Who may send: one module per sender, which checks a body's signature and says what it is."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from apps.ops.errors import ApplicationError
from apps.ops.parsers import parse_json

LONGEST_ID = 200
LONGEST_TYPE = 100
_PRINTABLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Message:
    """A body that its sender has signed."""

    event_id: str
    type: str
    created: datetime.datetime | None
    body: str


class Source(Protocol):
    """What every module here offers."""

    #: The largest body, in bytes.
    MAX_BYTES: int

    def read(self, body: bytes, headers: Mapping[str, str]) -> Message:
        """Raises `signature_invalid`, or what is wrong with a body that is signed well."""


def source(name: str) -> Source:
    """Loaded when it is first asked for: a sender's library may be large."""
    return cast(Source, import_module(f"{__name__}.{name}"))


def unsigned(message: str) -> ApplicationError:
    """To raise when a signature does not hold."""
    return ApplicationError("signature_invalid", message)


def signed_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body whose signature holds. Raises for anything else."""
    found = parse_json(body)
    if not isinstance(found, dict):
        raise _wrong("", "The body must be a JSON object.")
    return found


def type_of(document: dict[str, Any]) -> str:
    """The event's type, which every sender here puts at the top."""
    found = document.get("type")
    if isinstance(found, str) and len(found) <= LONGEST_TYPE and _PRINTABLE.fullmatch(found):
        return found
    raise _wrong("type", f"Must be a text of at most {LONGEST_TYPE} characters.")


def plain_id(found: Any) -> str | None:
    """An id that can stand in a column as it is; None for anything else."""
    if isinstance(found, str) and len(found) <= LONGEST_ID and _PRINTABLE.fullmatch(found):
        return found
    return None


def id_from_content(body: bytes) -> str:
    """An id for a message without one: the same body has the same."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def moment(seconds: float) -> datetime.datetime | None:
    """Seconds since 1970 as a time; None when no calendar has it."""
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _wrong(field: str, message: str) -> ApplicationError:
    detail = {"field": field, "code": "invalid", "message": message}
    return ApplicationError(
        "validation_error", f"{field}: {message}" if field else message, details=[detail]
    )
