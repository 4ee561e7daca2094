"""The only reader of os.environ: every variable of config/variables.py, all problems at once.

A wrong value stops every command: a mistyped DATABASE_URL must not quietly become a new SQLite
file. What only a server needs (a SECRET_KEY, say) stops the doors that serve, through
`require_serving`; `manage.py analyze` and the checks thus work in an empty environment, and
sign with a random key that lives as long as the process.
"""

import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn

import environ

from config.variables import Environment, Problem

__all__ = [
    "BASE_DIR",
    "Environment",
    "Problem",
    "load",
    "read",
    "refuse",
    "require_serving",
    "variables",
]

BASE_DIR = Path(__file__).resolve().parent.parent
LEAST_SECRET_KEY = 32
_KEY_RECIPE = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"


def variables() -> dict[str, str]:
    """Every variable this project knows, and what it is for."""
    return {
        each.name.upper(): each.metadata["about"]
        for each in fields(Environment)
        if "parse" in each.metadata
    }


def read(source: Mapping[str, str]) -> Environment:
    """Never raises: what is wrong stands in `problems` and keeps its default."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for each in fields(Environment):
        if "parse" not in each.metadata:
            continue
        name = each.name.upper()
        raw, problem = _raw(source, name)
        if problem:
            problems.append(problem)
        elif raw:
            try:
                found[each.name] = each.metadata["parse"](raw)
            except ValueError as wrong:
                what = "the value is wrong" if each.metadata["secret"] else f"{raw!r} is wrong"
                problems.append(Problem(name, what, str(wrong)))
    problems += _missing(Environment(**found), {problem.name for problem in problems})
    return Environment(**found, problems=tuple(problems))


def load() -> Environment:
    """The process's own environment over the lines of `.env`; ENV_FILE names another file or none.

    A wrong value ends the program here.
    """
    environment = read({**_file(os.environ.get("ENV_FILE", ".env")), **os.environ})
    if any(not problem.serving_only for problem in environment.problems):
        refuse(environment.problems)
    return environment


def require_serving(environment: Environment) -> None:
    """For the doors that serve: ends the program while anything is missing."""
    if environment.problems:
        refuse(environment.problems)


def refuse(problems: tuple[Problem, ...]) -> NoReturn:
    lines = "\n".join(f"  - {problem}" for problem in problems)
    raise SystemExit(f"The settings are not complete; nothing was started.\n{lines}")


def _file(name: str) -> dict[str, str]:
    path = BASE_DIR / name
    if not name or not path.is_file():
        return {}

    class Lines(environ.Env):  # type: ignore[misc]
        # Its reader writes here instead of os.environ, which child processes would inherit.
        ENVIRON: dict[str, str] = {}

    Lines.read_env(path)
    return Lines.ENVIRON


def _raw(source: Mapping[str, str], name: str) -> tuple[str, Problem | None]:
    value, path = source.get(name, "").strip(), source.get(f"{name}_FILE", "").strip()
    if not path:
        return value, None
    if value:
        return "", Problem(name, f"both {name} and {name}_FILE are set", "keep one of them")
    try:
        return Path(path).read_text(encoding="utf-8").strip(), None
    except (OSError, UnicodeDecodeError) as wrong:
        what = f"the file {path} cannot be read ({type(wrong).__name__})"
        return "", Problem(f"{name}_FILE", what, "name a UTF-8 text file this process may read")


def _missing(environment: Environment, known: set[str]) -> list[Problem]:
    """What a server needs beyond well-formed values."""
    if environment.debugging:
        return []
    wanted: list[tuple[bool, str, str, str]] = [
        (not environment.secret_key, "SECRET_KEY", "it is missing", _KEY_RECIPE),
        (
            0 < len(environment.secret_key) < LEAST_SECRET_KEY,
            "SECRET_KEY",
            f"it is shorter than {LEAST_SECRET_KEY} characters",
            _KEY_RECIPE,
        ),
        (
            bool(environment.highlevel_client_id) and not environment.highlevel_client_secret,
            "HIGHLEVEL_CLIENT_SECRET",
            "it is missing while HIGHLEVEL_CLIENT_ID is set",
            "copy it from the marketplace app",
        ),
        (
            bool(environment.highlevel_client_id) and not environment.token_encryption_keys,
            "TOKEN_ENCRYPTION_KEYS",
            "it is missing while HIGHLEVEL_CLIENT_ID is set",
            "k1: followed by the output of `openssl rand -base64 32`",
        ),
    ]
    return [
        Problem(name, what, fix, serving_only=True)
        for wrong, name, what, fix in wanted
        if wrong and name not in known and f"{name}_FILE" not in known
    ]
