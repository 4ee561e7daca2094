"""What is known about the one who walks: tags, fields, the visit, the deal, what they will do."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from apps.workflows.analysis.facts.watching import bare
from apps.workflows.analysis.simulate.clock import Time

#: Stands for a value that is there but not known: computed by a step.
UNKNOWN = object()


class Event(NamedTuple):
    """Something that happens at a time: ``reply``, ``click``, ``tag``… with what it is about."""

    at: Time
    type: str
    value: str = ""


@dataclass(slots=True)
class Contact:
    """Changes as the walk goes on. Field names are compared bare, tags in lower case."""

    id: str = "contact"
    tags: set[str] = field(default_factory=set)
    fields: dict[str, Any] = field(default_factory=dict)
    timezone: str = ""
    appointment: Time | None = None
    opportunity: dict[str, Any] | None = None
    dnd: frozenset[str] = frozenset()
    _state: tuple[Any, ...] | None = None  # as long as nothing changes

    @classmethod
    def of(
        cls, *, tags: Sequence[str] = (), fields: Mapping[str, Any] | None = None, **more: Any
    ) -> Contact:
        """From what a caller says, with the names as they write them."""
        return cls(
            tags={tag.strip().lower() for tag in tags},
            fields={bare(name): value for name, value in (fields or {}).items()},
            **more,
        )

    def add_tag(self, tag: str) -> None:
        self._state = None
        self.tags.add(tag.strip().lower())

    def remove_tag(self, tag: str) -> None:
        self._state = None
        if tag == "*":
            self.tags.clear()
        self.tags.discard(tag.strip().lower())

    def set(self, name: str, value: Any) -> None:
        self._state = None
        self.fields[bare(name)] = value

    def clear(self, name: str) -> None:
        self._state = None
        self.fields.pop(bare(name), None)

    def move(self, **changes: Any) -> None:
        """Change the opportunity, which there now is."""
        self._state = None
        self.opportunity = {**(self.opportunity or {}), **changes}

    def state(self) -> tuple[Any, ...]:
        """Equal for equal facts: what a later decision can hang on."""
        if self._state is None:
            self._state = (
                frozenset(self.tags),
                repr(sorted(self.fields.items(), key=lambda pair: pair[0])),
                repr(sorted((self.opportunity or {}).items(), key=lambda pair: pair[0])),
            )
        return self._state

    def local(self, name: str) -> Any:
        """A field's value; ``None`` when there is none."""
        return self.fields.get(bare(name))


def day(at: Time, zone: datetime.tzinfo) -> str:
    """The date at a moment, as a field holds it."""
    return at.astimezone(zone).date().isoformat()
