"""What a caller may change about a run: severities, rules switched off, thresholds."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.workflows.analysis.findings import SEVERITIES, Severity
from apps.workflows.analysis.rules import all_rules

OFF = "off"
LEVELS = (OFF, *(severity.value for severity in SEVERITIES))


class ConfigError(ValueError):
    """A setting that cannot be used; ``field`` says which, the text says what would do."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name
        self.message = message


@dataclass(frozen=True)
class Config:
    severities: Mapping[str, Severity] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    options: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


DEFAULT = Config()


def parse_rules(settings: Any) -> Config:
    """A configuration from ``{"<rule-id>": "off" | "low" | … | {"severity": …, option: number}}``.

    Raises ``ConfigError`` for an unknown rule (naming the nearest), level or option.
    """
    if not isinstance(settings, Mapping):
        raise ConfigError("rules", "rules must be an object of rule ids and levels.")
    severities: dict[str, Severity] = {}
    off: set[str] = set()
    options: dict[str, dict[str, float]] = {}
    for rule_id, value in settings.items():
        name = f"rules.{rule_id}"
        require_rule(name, rule_id)
        given = dict(value) if isinstance(value, Mapping) else {"severity": value}
        if "severity" in given:
            level = _level(name, given.pop("severity"))
            if level == OFF:
                off.add(rule_id)
            else:
                severities[rule_id] = Severity(level)
        if given:
            options[rule_id] = _options(name, rule_id, given)
    return Config(severities, frozenset(off), options)


def require_rule(name: str, rule_id: str) -> None:
    """Raises ``ConfigError``, naming the nearest rule, when there is none of this id."""
    rules = all_rules()
    if rule_id in rules:
        return
    near = difflib.get_close_matches(str(rule_id)[:80], rules, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise ConfigError(name, f"There is no rule {str(rule_id)[:80]!r}.{hint}")


def _level(name: str, value: Any) -> str:
    if isinstance(value, str) and value in LEVELS:
        return value
    raise ConfigError(name, f"{str(value)[:40]!r} is no level; use one of {', '.join(LEVELS)}.")


def _options(name: str, rule_id: str, given: Mapping[str, Any]) -> dict[str, float]:
    known = all_rules()[rule_id].options
    checked: dict[str, float] = {}
    for option, value in given.items():
        if option not in known:
            have = f"it has {', '.join(known)}" if known else "it has none"
            raise ConfigError(f"{name}.{option}", f"{rule_id} has no option {option!r}; {have}.")
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not 0 <= value <= 1e9:
            raise ConfigError(
                f"{name}.{option}", f"{option} must be a number from 0 to 1,000,000,000."
            )
        checked[option] = float(value)
    return checked
