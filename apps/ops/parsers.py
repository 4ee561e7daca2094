"""Reads JSON bodies strictly: what cannot be JSON everywhere is refused with its place."""

import json
import math
import re
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.parsers import BaseParser

from apps.ops.errors import ApplicationError

# Deeper than any workflow; well below where Python's own recursion limit would strike.
MAX_DEPTH = 200
# Ten times what a large definition has; `[[],[],…]` to the size limit would be 700 MB of objects.
MAX_VALUES = 1_000_000
# Digits that still make a finite float.
MAX_DIGITS = 308
_UTF8 = {"utf-8", "utf8", "us-ascii", "ascii"}
_LONG_NUMBER = re.compile(rf"[0-9]{{{MAX_DIGITS + 1}}}")
_SPACE, _COLON, _COMMA = (re.compile(rf"[ \t\n\r]*{sign}[ \t\n\r]*") for sign in ("", ":", ",?"))
_DECODER = json.JSONDecoder()
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)')


class StrictJSONParser(BaseParser):
    """application/json in UTF-8, at most MAX_BODY_BYTES, MAX_DEPTH and MAX_VALUES."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return parse_json(self.read(stream, media_type))

    @staticmethod
    def read(stream: IO[bytes], media_type: str | None) -> bytes:
        _check_charset(media_type or "")
        limit = settings.MAX_BODY_BYTES
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise ApplicationError("payload_too_large")
        return raw


def member_text(raw: bytes, name: str) -> str:
    """The text of a member of a JSON object that `parse_json` took, exactly as it was sent.

    Reading it into values and writing those again would lose how a number was written and which
    keys were there twice. Of several members of that name it is the last; empty when there is none.
    """
    text, found = raw.decode("utf-8-sig"), ""
    place = _SPACE.match(text, text.index("{") + 1).end()  # type: ignore[union-attr]
    while text[place] != "}":
        key, place = _DECODER.raw_decode(text, place)
        start = _COLON.match(text, place).end()  # type: ignore[union-attr]
        _, place = _DECODER.raw_decode(text, start)
        if key == name:
            found = text[start:place]
        place = _COMMA.match(text, place).end()  # type: ignore[union-attr]
    return found


def parse_json(raw: bytes) -> Any:
    """The value, or `malformed_json` with line and column."""
    # Commas in texts count too: the limit is far above either.
    if raw.count(b",") + raw.count(b"[") + raw.count(b"{") > MAX_VALUES:
        raise ApplicationError(
            "payload_too_large", f"The body holds more than {MAX_VALUES:,} values."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        _refuse(f"it is not UTF-8 (byte {wrong.start + 1})", "not_utf8")
    if not text.strip():
        _refuse("it is empty", "empty")
    try:
        value = json.loads(
            text,
            parse_constant=_not_a_number,
            parse_float=_finite,
            parse_int=_whole if _LONG_NUMBER.search(text) else None,
        )
    except json.JSONDecodeError as wrong:
        _refuse(f"{wrong.msg} at {_place(text, wrong.pos)}", "syntax")
    except RecursionError:
        _refuse(f"it is nested deeper than {MAX_DEPTH} levels", "too_deep")
    except _ConstantError as wrong:
        _refuse(f"{wrong} is not a JSON number, at {_constant_place(text)}", "not_a_number")
    except ValueError:
        _refuse("a number in it is too large", "number_too_large")
    if _deeper_than(value, MAX_DEPTH):
        _refuse(f"it is nested deeper than {MAX_DEPTH} levels", "too_deep")
    return value


class _ConstantError(Exception):
    """NaN or Infinity, which Python reads and JSON does not have."""


def _not_a_number(word: str) -> NoReturn:
    raise _ConstantError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(digits)
    return number


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise ValueError(digits[:20])
    return int(digits)


def _deeper_than(value: Any, most: int) -> bool:
    """Level by level, since recursion is what deep input breaks."""
    level, depth = [value], 0
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        if depth > most:
            return True
        level = [
            inner for each in level for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return False


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return f"line {line}, column {column}"


def _constant_place(text: str) -> str:
    found = next((each for each in _CONSTANT.finditer(text) if each[1]), None)
    return _place(text, found.start() if found else 0)


def _check_charset(media_type: str) -> None:
    match = re.search(r"charset=[\"']?([\w.-]+)", media_type, re.IGNORECASE)
    if match and match[1].lower() not in _UTF8:
        raise ApplicationError(
            "unsupported_media_type", f"Send JSON as UTF-8; {match[1][:40]} is not read here."
        )


def _refuse(what: str, code: str) -> NoReturn:
    message = f"The body cannot be read as JSON: {what}."
    detail = {"field": "", "code": code, "message": message}
    raise ApplicationError("malformed_json", message, details=[detail])
