"""Bytes to documents: encodings, JSON with its place of error, ZIP bundles, hostile input."""

from __future__ import annotations

import io
import json
import math
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.workflows.platforms import highlevel
from apps.workflows.platforms.base import (
    MAX_DEPTH,
    DefinitionError,
    MalformedJson,
    TooLarge,
    UnsupportedDefinition,
)

#: Bytes of one file, unpacked. Parsed JSON takes about six times as much memory.
MAX_FILE = 32 * 1024 * 1024
#: Bytes of all files of the ZIPs that came together, unpacked: what stops a bomb.
MAX_ZIP = 64 * 1024 * 1024
MAX_ZIP_FILES = 5_000
#: Values of all files that came together. A large definition has a tenth of it; ``[[],[],…]``
#: to the size limit would be gigabytes.
MAX_VALUES = 1_500_000
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_TRIGGER_FILES = ("trigger.json", "triggers.json")
#: What a number beyond the largest float needs: three digits in its exponent, or 309 before it.
_HUGE_NUMBER = re.compile(r"[eE]\+?0*[1-9][0-9]{2}|[0-9]{309}")
_SURROGATE_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")


@dataclass(slots=True)
class Document:
    """One parsed file, or why it could not be parsed; ``text`` is what the content was read from,
    empty where it was put together of several files."""

    name: str
    content: Any = None
    error: DefinitionError | None = None
    text: str = ""


@dataclass(slots=True)
class Room:
    """What may still be read of all that came together: each file alone may be small."""

    size: int = MAX_ZIP
    values: int = MAX_VALUES

    def take(self, data: bytes) -> bytes:
        """The data, counted. Raises ``TooLarge``."""
        self.values -= count_values(data, self.values)
        return data


def documents(data: bytes, name: str, room: Room | None = None) -> list[Document]:
    """The documents in a file's bytes: one, or those of a ZIP. Never raises for its content.

    Files that came together share a ``room``.
    """
    room = room or Room()
    if data.startswith(_ZIP_STARTS):
        try:
            return grouped(_unzip(data, name, room))
        except DefinitionError as error:
            return [Document(name, error=error)]
    return [load(name, lambda: room.take(data))]


def load(name: str, read: Callable[[], bytes]) -> Document:
    """Read and parse one file."""
    try:
        text = decode(read())
        return Document(name, parse_text(text), text=text)
    except DefinitionError as error:
        return Document(name, error=error)


def grouped(files: Mapping[str, Callable[[], bytes]]) -> list[Document]:
    """Parse files by name; a folder's ``workflow.json`` takes the ``trigger.json`` beside it.

    An exporter's ``_index.json`` is a table of contents and is left out.
    """
    found = []
    for name in sorted(files):
        folder, base = posixpath.split(name)
        lower = base.lower()
        if lower == "_index.json":
            continue
        if lower in _TRIGGER_FILES and _sibling(files, folder, ("workflow.json",)):
            continue
        document = load(name, files[name])
        triggers = _sibling(files, folder, _TRIGGER_FILES) if lower == "workflow.json" else None
        if triggers and document.error is None:
            document = _with_triggers(document, load(triggers, files[triggers]))
        found.append(document)
    return found


def _sibling(files: Mapping[str, Any], folder: str, names: tuple[str, ...]) -> str | None:
    for name in files:
        place, base = posixpath.split(name)
        if place == folder and base.lower() in names:
            return name
    return None


def _with_triggers(document: Document, triggers: Document) -> Document:
    if triggers.error is not None:
        return Document(triggers.name, error=triggers.error)
    return Document(document.name, highlevel.merge_trigger_file(document.content, triggers.content))


def _unzip(data: bytes, name: str, room: Room) -> dict[str, Callable[[], bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in archive.infolist() if _wanted(entry)]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnsupportedDefinition(f"The ZIP cannot be read: {error}.", name) from None
    if len(archive.infolist()) > MAX_ZIP_FILES:
        raise TooLarge(f"The ZIP holds more than {MAX_ZIP_FILES:,} files.", name)
    size = sum(entry.file_size for entry in entries)
    if size > room.size:
        raise TooLarge(f"The ZIP unpacks to more than {MAX_ZIP >> 20} MB.", name)
    room.size -= size
    for entry in entries:
        _refuse_unsafe_name(entry.filename, name)
    if not entries:
        raise UnsupportedDefinition("The ZIP holds no .json file.", name)
    return {f"{name}/{entry.filename}": _reader(archive, entry, room) for entry in entries}


def _wanted(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.split("/")
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)
    return entry.filename.lower().endswith(".json") and not hidden


def _refuse_unsafe_name(inner: str, name: str) -> None:
    """Nothing is unpacked to disk, but a name that climbs out is no honest export."""
    path = inner.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or re.match(r"[A-Za-z]:", path):
        shown = inner[:100].encode("ascii", "backslashreplace").decode()
        raise UnsupportedDefinition(f"The ZIP holds a file with an unsafe name: {shown!r}.", name)


def _reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: Room) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(entry) as stream:
                data = stream.read(MAX_FILE + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
            raise UnsupportedDefinition(f"The ZIP entry cannot be read: {error}.") from None
        except Exception as error:  # zlib.error and its kind, by compression method
            raise UnsupportedDefinition(f"The ZIP entry is damaged: {error}.") from None
        return room.take(data)

    return read


def parse(data: bytes) -> Any:
    """Parse JSON strictly. Raises ``MalformedJson`` or ``TooLarge`` with what is wrong and where.

    UTF-8, UTF-16 and UTF-32 are understood, with or without a byte order mark.
    """
    return parse_text(decode(data))


def parse_text(text: str) -> Any:
    """Parse JSON strictly; characters that cannot be written again (lone surrogates, NUL) become
    U+FFFD. Raises ``MalformedJson``."""
    if not text.strip():
        raise MalformedJson("The file is empty.")
    try:
        finite = _finite if _HUGE_NUMBER.search(text) else None
        content = json.loads(text, parse_constant=_refuse_constant, parse_float=finite)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise MalformedJson(f"Not valid JSON: {error.msg} at {place}.", place) from None
    except RecursionError:
        raise _too_deep(text) from None
    except ValueError as error:  # a number with thousands of digits
        raise MalformedJson(f"Not valid JSON: {error}.") from None
    if isinstance(content, (dict, list)) and _depth_exceeds(content, MAX_DEPTH):
        raise _too_deep(text)
    return scrub(content) if _SURROGATE_ESCAPE.search(text) else content


def count_values(data: bytes, most: int = MAX_VALUES) -> int:
    """About how many values a file holds; raises ``TooLarge`` where reading it would take too much.

    Commas in texts count too: the limit is far above what any workflow has.
    """
    if len(data) > MAX_FILE:
        raise TooLarge(f"The file is larger than {MAX_FILE >> 20} MB.")
    values = data.count(b",") + data.count(b"[") + data.count(b"{")
    if values > most:
        raise TooLarge(f"The file holds more than {MAX_VALUES:,} values; no workflow has so many.")
    return values


def decode(data: bytes) -> str:
    """The text of a file. Raises ``MalformedJson`` or ``TooLarge``."""
    count_values(data)
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise MalformedJson(
            f"The file is not valid {encoding.upper()} text: byte {error.start} cannot be read.",
            f"byte {error.start}",
        ) from None


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise MalformedJson(f"Not valid JSON: {digits[:20]} is too large a number.")
    return number


def _refuse_constant(name: str) -> Any:
    raise MalformedJson(f"Not valid JSON: {name} is no JSON value; write null or a number.")


def _depth_exceeds(content: Any, most: int) -> bool:
    level = [content]
    for _ in range(most + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def _too_deep(text: str) -> MalformedJson:
    depth = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        sign = match[0]
        depth += 1 if sign in "[{" else -1 if sign in "]}" else 0
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start())
            place = f"line {line}, column {column}"
            break
    else:
        place = ""
    where = f" at {place}" if place else ""
    return MalformedJson(f"The JSON is nested more than {MAX_DEPTH} levels deep{where}.", place)


def check_depth(content: Any) -> None:
    """Refuse an already parsed document that is nested too deeply."""
    if isinstance(content, (dict, list)) and _depth_exceeds(content, MAX_DEPTH):
        raise MalformedJson(f"The JSON is nested more than {MAX_DEPTH} levels deep.")


def scrub(content: Any) -> Any:
    """The same content with lone surrogates and NUL replaced by U+FFFD, in keys too.

    Recursion is bounded by ``MAX_DEPTH``, which has been checked before.
    """
    if isinstance(content, str):
        if content.isascii():
            return content.replace("\x00", "\ufffd")
        whole = content.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.replace("\x00", "\ufffd")
    if isinstance(content, dict):
        return {scrub(key): scrub(value) for key, value in content.items()}
    if isinstance(content, list):
        return [scrub(value) for value in content]
    return content
