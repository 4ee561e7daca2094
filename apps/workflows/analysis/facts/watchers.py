"""Finds the triggers that a step may set off without asking every trigger of the account.

Triggers are filed under what they watch for (a tag, a field, a stage), so that a step is compared
only with those that can match it. ``watching.matches`` decides; this only narrows the choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from apps.workflows.analysis.facts.watching import (
    ALL,
    FIELD_KINDS,
    WATCHED,
    bare,
    compares_whole,
    is_positive,
)
from apps.workflows.analysis.graph import Filter, Step

#: The number of a workflow in its account, and one of its triggers.
Watcher = tuple[int, Step]
Key = tuple[str, str]


class Watchers:
    """The triggers of an account by what sets them off."""

    def __init__(self, watchers: Iterable[Watcher]) -> None:
        self._by_key: dict[Key, list[Watcher]] = {}
        self._by_kind: dict[str, list[Watcher]] = {}
        for watcher in watchers:
            keys = dict.fromkeys(_keys(watcher[1]))
            for key in keys:
                self._by_key.setdefault(key, []).append(watcher)
            for kind in dict.fromkeys(kind for kind, _ in keys):
                self._by_kind.setdefault(kind, []).append(watcher)

    def of(self, writer: Step) -> list[Watcher]:
        """The triggers that the step may set off, each once, in the order they came in."""
        found: dict[int, Watcher] = {}
        for effect in writer.effects:
            if effect.value == ALL or "{{" in effect.value:
                candidates = self._by_kind.get(effect.kind, [])
            else:
                name = bare if effect.kind == "field" else _plain
                candidates = [
                    *self._by_key.get((effect.kind, name(effect.value)), ()),
                    *self._by_key.get((effect.kind, ""), ()),
                ]
            for watcher in candidates:
                found.setdefault(id(watcher[1]), watcher)
        return list(found.values())


def _plain(value: str) -> str:
    return value.strip().lower()


def _keys(trigger: Step) -> Iterator[Key]:
    for kind in WATCHED.get(trigger.type, ()):
        if kind == "field":
            names = [bare(each.field) for each in trigger.filters if each.field]
            yield from (("field", name) for name in names or [""])
        else:
            yield from ((kind, value) for value in _values(trigger, kind))


def _values(trigger: Step, kind: str) -> list[str]:
    """The values that alone can set the trigger off; a blank one where any may."""
    for condition in trigger.filters:
        if FIELD_KINDS.get(bare(condition.field)) == kind and _names_values(condition, kind):
            return [_plain(value) for value in condition.values if value.strip()]
    return [""]


def _names_values(condition: Filter, kind: str) -> bool:
    if not any(value.strip() for value in condition.values) or not is_positive(condition):
        return False
    return kind == "tag" or compares_whole(condition)
