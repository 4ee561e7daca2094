"""The account's reference lists, looked up by the ids that steps use.

Exports name the same thing in different ways: an id may stand under ``id``, ``_id``, ``value`` or
``key``, an entry may be a bare text, stages hang in their pipelines, and tags differ in case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.senders import can_text, is_verified
from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.graph import Graph

_IDS = ("id", "_id", "uuid", "key", "fieldKey", "templateId", "userId", "workflowId", "calendarId")
#: What a list is called in a sentence.
WORDS = {
    "customFields": "custom fields",
    "customValues": "custom values",
    "emailDomains": "e-mail domains",
    "emailTemplates": "e-mail templates",
    "phoneNumbers": "phone numbers",
    "stats": "statistics",
    "triggerLinks": "trigger links",
}


def no_list(name: str) -> str:
    """Why something could not be checked: the list is not in the file."""
    return f"no {WORDS.get(name, name)} list in the file"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a pipeline; ``place`` counts from the first, which is 0."""

    pipeline: str
    place: int
    name: str


@dataclass(frozen=True, slots=True)
class CustomValue:
    """``value`` is ``None`` where the list holds only the name."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class User:
    name: str
    is_active: bool


class Lists:
    """The lists of one account; each answer is ``None`` where its list is not in the file."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._ids: dict[str, frozenset[str] | None] = {}

    def _list(self, name: str) -> list[Any] | None:
        found = self.account.known(name)
        return None if found is None else list(found)

    def ids(self, name: str) -> frozenset[str] | None:
        """Everything that an entry of this list may be referred to by."""
        if name not in self._ids:
            items = self._list(name)
            self._ids[name] = None if items is None else frozenset(_names(items, name))
        return self._ids[name]

    @cached_property
    def tags(self) -> frozenset[str] | None:
        """The names (and ids) of the tags, in lower case as HighLevel keeps them."""
        items = self._list("tags")
        if items is None:
            return None
        found: set[str] = set()
        for item in items:
            entry = mapping(item)
            keys = (text(entry.get(key)) for key in (*_IDS, "name", "value"))
            found.update(word.lower() for word in (text(item), *keys) if word)
        return frozenset(found)

    @cached_property
    def pipelines(self) -> frozenset[str] | None:
        return self.ids("pipelines")

    @cached_property
    def stages(self) -> dict[str, Stage] | None:
        """Every stage by its id; of pipelines listed without stages there is nothing."""
        items = self._list("pipelines")
        if items is None:
            return None
        return {key: stage for pipeline in mappings(items) for key, stage in _stages_of(pipeline)}

    @cached_property
    def lists_stages(self) -> bool:
        """Whether every pipeline in the list comes with its stages."""
        return all(_stage_list(each) is not None for each in self._list("pipelines") or ())

    @cached_property
    def users(self) -> dict[str, User] | None:
        items = self._list("users")
        if items is None:
            return None
        found = {}
        for item in items:
            entry = mapping(item)
            user = User(_person(entry), _is_active(entry))
            for key in _names([item], "users"):
                found[key] = user
        return found

    @cached_property
    def custom_values(self) -> dict[str, CustomValue] | None:
        """Custom values by their ids and by the keys that merge fields use."""
        items = self._list("customValues")
        if items is None:
            return None
        found: dict[str, CustomValue] = {}
        for entry in mappings(items):
            name = text(entry.get("name"))
            known = CustomValue(name, _content(entry))
            for key in (*_names([entry], "customValues"), _slug(name)):
                if key:
                    found.setdefault(key, known)
        return found

    @cached_property
    def contact_fields(self) -> frozenset[str] | None:
        """What merge fields may call the contact's custom fields: keys, ids, keys made of names."""
        known = self.ids("customFields")
        if known is None:
            return None
        entries = mappings(self._list("customFields"))
        return known | {_slug(text(entry.get("name"))) for entry in entries}

    @cached_property
    def can_text(self) -> bool | None:
        """Whether any of the account's numbers can send texts."""
        items = self._list("phoneNumbers")
        return None if items is None else any(can_text(mapping(item)) for item in items)

    @cached_property
    def text_numbers(self) -> frozenset[str]:
        """The numbers that can send texts, as far as the list names them."""
        able = [item for item in self._list("phoneNumbers") or () if can_text(mapping(item))]
        keys = ("number", "phoneNumber", "phone_number", "phone", "value")
        found = {text(mapping(item).get(key)) for item in able for key in keys}
        return frozenset((found | {text(item) for item in able}) - {""})

    @cached_property
    def has_verified_domain(self) -> bool | None:
        items = self._list("emailDomains")
        return None if items is None else any(is_verified(mapping(item)) for item in items)

    @cached_property
    def enrolments(self) -> dict[str, float] | None:
        """Workflow id -> how many contacts have entered it, where the statistics say so."""
        items = self._list("stats")
        if items is None:
            return None
        return {
            key: count
            for entry in mappings(items)
            if (count := _count(entry)) is not None
            for key in _names([entry], "stats")
        }


def lists_of(graph: Graph) -> Lists | None:
    """The lists of the workflow's account, read once for all its workflows."""
    return None if graph.account is None else graph.account.shared(Lists)


# -- entries -------------------------------------------------------------------------------


def _names(items: Iterable[Any], name: str) -> Iterator[str]:
    # The “value” of a custom value is what it says, not what it is called.
    keys = _IDS if name == "customValues" else (*_IDS, "value")
    for item in items:
        entry = mapping(item)
        for word in (text(item), *(text(entry.get(key)) for key in keys)):
            if word:
                yield word
                yield field_key(word)


def field_key(word: str) -> str:
    """The bare key of a field or value: ``{{ custom_values.map_link }}`` is ``map_link``."""
    if word.startswith("{{") and word.endswith("}}"):
        word = word[2:-2].strip()
    for prefix in ("contact.", "opportunity.", "custom_values.", "company."):
        word = word.removeprefix(prefix)
    return word


def _slug(name: str) -> str:
    """The key that HighLevel makes of a custom value's name."""
    return "_".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


def _content(entry: Mapping[str, Any]) -> str | None:
    if "value" not in entry:
        return None
    value = entry["value"]
    if value is None:
        return ""
    # What is neither text nor number says something, although we cannot read it.
    return text(value) if isinstance(value, (str, int, float)) else None


def _stage_list(pipeline: Any) -> list[Any] | None:
    found = mapping(pipeline).get("stages")
    return found if isinstance(found, list) else None


def _stages_of(pipeline: Mapping[str, Any]) -> Iterator[tuple[str, Stage]]:
    owner = text(pipeline.get("id")) or text(pipeline.get("_id"))
    stages = _stage_list(pipeline) or []
    places = [mapping(stage).get("position") for stage in stages]
    numbers = [p for p in places if isinstance(p, (int, float)) and not isinstance(p, bool)]
    # Positions count where every stage has one of its own, else the order of the list.
    if len(set(numbers)) == len(stages):
        stages = [stage for _, stage in sorted(zip(numbers, stages, strict=True), key=_first)]
    for place, stage in enumerate(stages):
        known = Stage(owner, place, text(mapping(stage).get("name")))
        for key in _names([stage], "stages"):
            yield key, known


def _first(pair: tuple[float, Any]) -> float:
    return pair[0]


def _person(entry: Mapping[str, Any]) -> str:
    whole = " ".join(text(entry.get(key)) for key in ("firstName", "lastName"))
    return text(entry.get("name")) or whole.strip() or text(entry.get("email"))


_COUNTS = ("enrollments", "enrolments", "totalEnrollments", "totalEnrolled", "enrolled", "total")


def _count(entry: Mapping[str, Any]) -> float | None:
    for key in _COUNTS:
        value = entry.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().isdecimal() and len(value) < 20:
            return int(value)
    return None


_OFF = frozenset({"inactive", "deactivated", "disabled", "suspended", "deleted", "archived"})


def _is_active(entry: Mapping[str, Any]) -> bool:
    if any(entry.get(key) is False for key in ("active", "isActive", "is_active", "enabled")):
        return False
    if any(entry.get(key) is True for key in ("deleted", "deactivated", "isDeleted", "disabled")):
        return False
    return text(entry.get("status")).lower() not in _OFF
