"""Copies of the PostgreSQL database with its own tools, each read back before it counts."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection

#: Touched by each success; BACKUP_STATUS names it.
MARK = "last-success"
_NAME = "workflow-debugger-{:%Y%m%dT%H%M%SZ}.dump"
_PATTERN = "workflow-debugger-*.dump"


class BackupError(Exception):
    """Says in one sentence why there is no new copy; the former ones are untouched."""


def backup_make(folder: Path, *, keep: int) -> Path:
    """Writes a new copy, reads it back, and only then drops the oldest beyond `keep`."""
    if connection.vendor != "postgresql":
        raise BackupError("The database is not PostgreSQL: copy its file while nothing runs.")
    dump, restore = _tools()
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / _NAME.format(datetime.datetime.now(datetime.UTC))
    unfinished = copy.with_suffix(".part")
    address, environment = _address(connection.settings_dict)
    try:
        _run([dump, "--format=custom", "--no-owner", "--file", unfinished, *address], environment)
        listed = _run([restore, "--list", unfinished], environment)
        if "django_migrations" not in listed:
            raise BackupError("The copy has not the tables of this service.")
        unfinished.rename(copy)
    finally:
        unfinished.unlink(missing_ok=True)
    (folder / MARK).touch()
    for old in sorted(folder.glob(_PATTERN))[:-keep]:
        old.unlink()
    return copy


def _tools() -> tuple[Path, Path]:
    """pg_dump and pg_restore of the server's version, else of the next newer one that is here.

    Older ones do not know the server, and newer ones write what it does not know.
    """
    connection.ensure_connection()
    server = connection.get_database_version()[0]
    beside_us = shutil.which("pg_dump")
    candidates = [Path(beside_us)] if beside_us else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
    fitting = {
        _major(dump): (dump, dump.with_name("pg_restore"))
        for dump in candidates
        if dump.with_name("pg_restore").exists() and _major(dump) >= server
    }
    if not fitting:
        raise BackupError(f"There is no pg_dump of PostgreSQL {server} or newer on this machine.")
    return fitting[min(fitting)]


def _major(tool: Path) -> int:
    told = re.search(r"(\d+)", _run([tool, "--version"], {}))
    return int(told[1]) if told else 0


def _address(database: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
    """Arguments for the tools; the password goes by the environment, which others cannot see."""
    arguments = ["--dbname", str(database["NAME"])]
    for option, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if database.get(key):
            arguments += [option, str(database[key])]
    environment = {"PGCONNECT_TIMEOUT": "10"}
    if database.get("PASSWORD"):
        environment["PGPASSWORD"] = str(database["PASSWORD"])
    if mode := database.get("OPTIONS", {}).get("sslmode"):
        environment["PGSSLMODE"] = str(mode)
    return arguments, environment


def _run(command: list[Any], environment: Mapping[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [str(each) for each in command],
        env={"PATH": os.defpath, "LC_ALL": "C", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")
    return done.stdout
