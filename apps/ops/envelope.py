"""The two shapes of every answer, success and failure, and how they become bytes."""

import datetime
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from rest_framework.utils.encoders import JSONEncoder

from apps.ops import context


@dataclass(frozen=True, slots=True)
class Verbatim:
    """JSON text that goes out as it is, in place of a value."""

    text: str
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)


class _Encoder(JSONEncoder):
    def __init__(self, *, verbatim: list[Verbatim], **options: Any) -> None:
        super().__init__(**options)
        self.verbatim = verbatim

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime.datetime):
            return timestamp(o)
        if isinstance(o, Verbatim):
            self.verbatim.append(o)
            return o.mark
        return super().default(o)


def timestamp(moment: datetime.datetime | None = None) -> str:
    """ISO 8601 in UTC with milliseconds and Z; now, unless told."""
    moment = moment or datetime.datetime.now(datetime.UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    text = moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def meta() -> dict[str, Any]:
    return {"timestamp": timestamp(), "requestId": context.request_id.get()}


def success(data: Any, pagination: dict[str, int] | None = None) -> dict[str, Any]:
    return {
        "success": True,
        "data": data,
        "meta": meta() | ({"pagination": pagination} if pagination else {}),
    }


def failure(
    code: str,
    message: str,
    details: list[dict[str, Any]] | None = None,
    debug: dict[str, Any] | None = None,
) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message, "details": details or []}
    if debug:
        error["debug"] = debug
    return {"success": False, "error": error, "meta": meta()}


def to_json(value: Any) -> bytes:
    def dump(*, ascii_only: bool) -> str:
        verbatim: list[Verbatim] = []
        text = json.dumps(
            value,
            cls=_Encoder,
            ensure_ascii=ascii_only,
            allow_nan=False,
            separators=(",", ":"),
            verbatim=verbatim,
        )
        for each in verbatim:
            text = text.replace(f'"{each.mark}"', each.text, 1)
        return text

    try:
        return dump(ascii_only=False).encode()
    except UnicodeEncodeError:
        # A lone surrogate in a definition has no UTF-8 form, but JSON can escape it.
        return dump(ascii_only=True).encode()
