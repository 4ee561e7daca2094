"""Which values a HighLevel field can have: its own fields', and those of the account's list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.conditions import Test
from apps.workflows.analysis.facts.values import mappings, text

_STATUS = frozenset({"open", "won", "lost", "abandoned", "all"})
_NUMBERS = frozenset({"NUMERICAL", "MONETORY", "MONETARY", "FLOAT", "NUMBER"})
_SEVERAL = frozenset({"CHECKBOX", "MULTIPLE_OPTIONS", "MULTI_SELECT"})
_LISTS = ("picklistOptions", "options", "picklistImageOptions")


@dataclass(frozen=True, slots=True)
class Field:
    """``options`` are in lower case; none where any value will do."""

    options: frozenset[str] = frozenset()
    is_number: bool = False
    holds_several: bool = False


_OPPORTUNITY_STATUS = Field(_STATUS)
_BUILT_IN = {
    "opportunity.status": _OPPORTUNITY_STATUS,
    "opportunities.status": _OPPORTUNITY_STATUS,
    "opportunity.opportunity.status": _OPPORTUNITY_STATUS,
    "opportunities.opportunity.status": _OPPORTUNITY_STATUS,
}


def known_fields(account: Account | None) -> dict[str, Field]:
    """What is known about fields, by the names that conditions use for them."""
    found = dict(_BUILT_IN)
    listed = account.known("customFields") if account is not None else None
    for entry in listed or ():
        if not isinstance(entry, dict):
            continue
        field = _field(entry)
        for name in _names(entry):
            found.setdefault(f"contact_detail.{name}", field)
            found.setdefault(name, field)
    return found


def _names(entry: Mapping[str, Any]) -> Iterator[str]:
    for key in ("id", "_id", "fieldKey", "key"):
        if name := text(entry.get(key)):
            yield name
            yield name.removeprefix("contact.")


def _field(entry: Mapping[str, Any]) -> Field:
    kind = text(entry.get("dataType")).upper()
    options: set[str] = set()
    for key in _LISTS:
        value = entry.get(key)
        options.update(option for option in map(text, value if isinstance(value, list) else ()))
        options.update(_named_options(value))
    return Field(
        frozenset(option.lower() for option in options if option),
        kind in _NUMBERS,
        kind in _SEVERAL,
    )


def _named_options(value: Any) -> Iterator[str]:
    """Options that are objects can be compared with under any of their names."""
    for option in mappings(value):
        for key in ("name", "label", "value", "key", "option"):
            yield text(option.get(key))


def is_no_option(test: Test, field: Field) -> bool:
    """Whether a test asks for values of which the field can have none."""
    if not field.options or not test.is_fixed:
        return False
    wanted = [value.strip().lower() for value in test.values]
    if test.operator in ("is", "one of"):
        return not any(value in field.options for value in wanted)
    if test.operator == "contains":
        return not any(value in option for value in wanted for option in field.options)
    return False
