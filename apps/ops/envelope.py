"""The two shapes of every answer, success and failure, and how they become bytes."""

import datetime
import json
from typing import Any

from rest_framework.utils.encoders import JSONEncoder

from apps.ops import context


class _Encoder(JSONEncoder):
    def default(self, o: Any) -> Any:
        return timestamp(o) if isinstance(o, datetime.datetime) else super().default(o)


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
        return json.dumps(
            value,
            cls=_Encoder,
            ensure_ascii=ascii_only,
            allow_nan=False,
            separators=(",", ":"),
        )

    try:
        return dump(ascii_only=False).encode()
    except UnicodeEncodeError:
        # A lone surrogate in a definition has no UTF-8 form, but JSON can escape it.
        return dump(ascii_only=True).encode()
