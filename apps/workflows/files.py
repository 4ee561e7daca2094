"""Finds what the command line is given: files, folders, ZIP bundles and standard input.

Nothing is opened before its turn comes, so that thousands of files need the memory of one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.workflows.platforms.base import DefinitionError, Unreadable
from apps.workflows.platforms.loading import (
    MAX_FILE,
    Document,
    documents,
    grouped,
)

STDIN = "-"
_SUFFIXES = (".json", ".zip")
#: A HighLevel export in two files; they are read together.
_PARTS = ("workflow.json", "trigger.json", "triggers.json")


@dataclass(frozen=True, slots=True)
class Input:
    """A file, or files that belong together; what cannot be read is a document with an error."""

    name: str
    read: Callable[[], list[Document]]


def find_inputs(paths: list[str]) -> list[Input]:
    """What the paths stand for, in order."""
    found: list[Input] = []
    for path in paths:
        if path == STDIN:
            found.append(Input("<stdin>", _standard_input))
        elif _is_folder(path):
            found += _folder(path)
        else:
            found.append(_file(path))
    return found


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except OSError:  # a name too long, a parent that may not be searched: reading it says so
        return False


def _standard_input() -> list[Document]:
    try:
        if sys.stdin is None:
            raise Unreadable("Standard input is closed.", "not_found")
        return documents(sys.stdin.buffer.read(MAX_FILE + 1), "<stdin>")
    except DefinitionError as error:
        return [Document("<stdin>", error=error)]


def _file(path: str) -> Input:
    def read() -> list[Document]:
        try:
            return documents(_read(path), path)
        except DefinitionError as error:
            return [Document(path, error=error)]

    return Input(path, read)


def _together(names: list[str]) -> Input:
    return Input(names[0], lambda: grouped({name: _reader(name) for name in names}))


def _reader(name: str) -> Callable[[], bytes]:
    return lambda: _read(name)


def _read(path: str) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise Unreadable("There is no such file.", "not_found") from None
    except PermissionError:
        raise Unreadable("The file may not be read.", "permission_denied") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"The file cannot be read: {reason}.", "not_found") from None
    return data


def _folder(folder: str) -> list[Input]:
    failed: list[OSError] = []
    found: list[Input] = []
    for place, folders, files in os.walk(folder, onerror=failed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += _inputs_in(place, sorted(files))
    for error in failed:
        name = str(error.filename or folder)
        found.append(_unreadable(name, "The folder may not be read.", "permission_denied"))
    empty = _unreadable(folder, "The folder holds no .json or .zip file.", "not_found")
    return found or [empty]


def _inputs_in(place: str, files: list[str]) -> Iterator[Input]:
    names = [name for name in files if _is_wanted(place, name)]
    parts = [name for name in names if name.lower() in _PARTS]
    if parts:
        yield _together([_path(place, name) for name in parts])
    for name in names:
        if name not in parts:
            path = _path(place, name)
            yield _file(path) if name.lower().endswith(".zip") else _together([path])


def _path(place: str, name: str) -> str:
    return (Path(place) / name).as_posix()


def _is_wanted(place: str, name: str) -> bool:
    if name.startswith(".") or not name.lower().endswith(_SUFFIXES):
        return False
    path = Path(place) / name
    # A pipe or a device would never end; a link to nothing is a fault worth telling.
    return path.is_file() or not path.exists()


def _unreadable(name: str, message: str, code: str) -> Input:
    return Input(name, lambda: [Document(name, error=Unreadable(message, code))])
