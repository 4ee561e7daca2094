"""The command line's settings file: rules, thresholds and suppressions in TOML; and baselines.

The table is ``[tool.workflow-debugger]`` in ``pyproject.toml`` (or any TOML file):

    [tool.workflow-debugger]
    fail-on = "high"

    [tool.workflow-debugger.rules]
    test-workflow-published = "off"
    excessive-complexity = {severity = "medium", max_steps = 80}

    [[tool.workflow-debugger.suppressions]]
    rule = "insecure-url"
    workflow = "Send order"
    reason = "The printer has no TLS"
    expires = 2027-06-30
"""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.workflows.analysis.config import ConfigError, require_rule
from apps.workflows.analysis.suppressions import Suppression

TABLE = "workflow-debugger"
#: Looked for in the current folder, the first one wins.
SETTINGS_FILES = ("workflow-debugger.toml", "pyproject.toml")
_KEYS = {"fail-on", "rules", "suppressions"}
_SUPPRESSION_KEYS = {"fingerprint", "rule", "workflow", "step", "reason", "expires"}


@dataclass(frozen=True)
class File:
    """What a settings file says; ``rules`` as ``parse_rules`` takes them."""

    rules: Mapping[str, Any] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()
    fail_on: str | None = None


def read_file(path: str) -> File:
    """Read a settings file. Raises ``ConfigError`` with what is wrong and where."""
    try:
        with Path(path).open("rb") as stream:
            content = tomllib.load(stream)
    except OSError as error:
        raise ConfigError(path, f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"{path} is not valid TOML: {error}.") from None
    tool = content.get("tool")
    table = tool.get(TABLE, {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError(f"tool.{TABLE}", f"[tool.{TABLE}] must be a table.")
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        known = ", ".join(sorted(_KEYS))
        raise ConfigError(unknown[0], f"[tool.{TABLE}] has no key {unknown[0]!r}; it has {known}.")
    rules, rows = table.get("rules", {}), table.get("suppressions", [])
    if not isinstance(rules, dict):
        raise ConfigError("rules", f"[tool.{TABLE}.rules] must be a table.")
    if not isinstance(rows, list):
        raise ConfigError("suppressions", "suppressions must be an array of tables.")
    return File(
        rules=rules,
        suppressions=tuple(_suppression(number, row) for number, row in enumerate(rows)),
        fail_on=_fail_on(table.get("fail-on")),
    )


def _fail_on(value: Any) -> str | None:
    known = ("critical", "high", "medium", "low", "never")
    if value is None:
        return None
    if isinstance(value, str) and value in known:
        return value
    raise ConfigError("fail-on", f"fail-on must be one of {', '.join(known)}.")


def _suppression(number: int, row: Any) -> Suppression:
    name = f"suppressions[{number}]"
    if not isinstance(row, dict):
        raise ConfigError(name, f"{name} must be a table.")
    unknown = sorted(set(row) - _SUPPRESSION_KEYS)
    if unknown:
        raise ConfigError(name, f"{name} has no key {unknown[0]!r}.")
    texts = {key: value for key, value in row.items() if key != "expires"}
    wrong = [key for key, value in texts.items() if not isinstance(value, str)]
    if wrong:
        raise ConfigError(name, f"{name}.{wrong[0]} must be a text.")
    if not texts.get("reason", "").strip():
        raise ConfigError(name, f"{name} needs a reason.")
    if bool(texts.get("fingerprint")) == bool(texts.get("rule")):
        raise ConfigError(name, f"{name} needs either a fingerprint or a rule.")
    if texts.get("rule"):
        require_rule(f"{name}.rule", texts["rule"])
    return Suppression(
        reason=texts["reason"],
        fingerprint=texts.get("fingerprint", ""),
        rule_id=texts.get("rule", ""),
        workflow=texts.get("workflow", ""),
        step=texts.get("step", ""),
        expires=_date(name, row.get("expires")),
    )


def _date(name: str, value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if value is None or isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ConfigError(name, f"{name}.expires must be a date such as 2027-06-30.") from None


def read_baseline(path: str) -> dict[str, frozenset[str]]:
    """The findings of an earlier ``--format json`` report. Raises ``ConfigError``."""
    try:
        content = json.loads(Path(path).read_bytes())
        results = [row for row in content["results"] if "issues" in row]
        found: dict[str, set[str]] = {}
        for row in results:
            key = row["workflow"]["id"] or row["workflow"]["name"]
            issues = [*row["issues"], *row.get("suppressed", [])]
            found.setdefault(key, set()).update(issue["fingerprint"] for issue in issues)
    except OSError as error:
        raise ConfigError(path, f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConfigError(path, f"{path} is no report of analyze --format json.") from None
    return {key: frozenset(fingerprints) for key, fingerprints in found.items()}
