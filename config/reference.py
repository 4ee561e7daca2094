"""Writes docs/configuration.md from the variables in env.py: `python -m config.reference`."""

from dataclasses import MISSING, Field, fields
from typing import Any

from config import env

PATH = env.BASE_DIR / "docs/configuration.md"
_HEAD = """\
# Configuration

<!-- Written by `make docs` from config/variables.py; change it there. -->

Everything is set by environment variables, or by lines of `.env` beside `manage.py` (the real
environment wins; `ENV_FILE` names another file, or none when it is empty). Copy `.env.example` to
begin with.

- Every `NAME` may be given as `NAME_FILE`, a path whose content is the value.
- An empty value is the default. Lists are comma separated, blanks around items are ignored.
- All wrong values are reported at once, each with its fix, and stop every command.
- A server does not start without `SECRET_KEY` (unless `DEBUG` and `ALLOW_DEBUG` are both true), nor
  with `HIGHLEVEL_CLIENT_ID` but without `HIGHLEVEL_CLIENT_SECRET` and `TOKEN_ENCRYPTION_KEYS`.
- Values marked *secret* are shown in no error, log or page.

| variable | default | what it is for |
|---|---|---|
"""


def render() -> str:
    known = [each for each in fields(env.Environment) if "parse" in each.metadata]
    return _HEAD + "".join(_row(each) for each in known)


def _row(variable: Field[Any]) -> str:
    about = variable.metadata["about"].replace("|", "\\|")
    secret = " *secret*" if variable.metadata["secret"] else ""
    return f"| `{variable.name.upper()}` | {_default(variable)} | {about}{secret} |\n"


def _default(variable: Field[Any]) -> str:
    value = variable.default_factory() if variable.default_factory is not MISSING else None
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int):
        return f"`{value}`"
    if isinstance(value, tuple):
        # Keys are bytes; the page says whose they are.
        shown = [f"{each:g}" if isinstance(each, float | int) else each for each in value]
        return f"`{', '.join(shown)}`" if value and isinstance(shown[0], str) else ""
    return f"`{value}`" if value else ""


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
