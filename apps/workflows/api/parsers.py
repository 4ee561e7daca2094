"""Reads definitions together with the text they were written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, NamedTuple

from apps.ops.parsers import StrictJSONParser, member_text, parse_json


class Written(NamedTuple):
    """A value and its JSON as it was sent: what is kept goes out again as it came."""

    value: Any
    text: str


class DefinitionParser(StrictJSONParser):
    """Of an object with a ``definition`` it keeps how that was written."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = self.read(stream, media_type)
        data = parse_json(raw)
        if isinstance(data, dict) and isinstance(data.get("definition"), dict | list):
            data["definition"] = Written(data["definition"], member_text(raw, "definition"))
        return data
