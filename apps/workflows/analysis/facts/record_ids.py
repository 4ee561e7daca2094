"""Ids of single records and hosts of single environments, as they are written into texts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from apps.workflows.analysis.facts.secrets import formed_secrets
from apps.workflows.analysis.facts.urls import Url
from apps.workflows.analysis.facts.values import mappings, text
from apps.workflows.analysis.graph import Step

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OBJECT_ID = re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{24}")
#: Ids that say what they are of: Airtable’s records and bases, Stripe’s customers and prices.
_PREFIXED = re.compile(
    r"(?:rec|app|tbl|viw|usr)(?=[A-Za-z]*\d)[A-Za-z0-9]{14}"
    r"|(?:cus|sub|price|prod|plan)_(?=[A-Za-z]*\d)[A-Za-z0-9]{10,24}"
)
_OPAQUE = re.compile(r"[A-Za-z0-9]{20}(?:[A-Za-z0-9]{4})?")
_LONG = re.compile(r"[A-Za-z0-9_-]{25,60}")
_QUOTED = re.compile(r"[\"'`]([A-Za-z0-9_-]{17,60})[\"'`]")
#: Parts of a host’s name that single out an environment.
_ENVIRONMENTS = frozenset({"stage", "staging", "uat", "qa", "preprod"})
#: The same, but only at its beginning: ``api.dev.vendor.com`` is what some vendors call theirs.
_FIRST = frozenset({"dev", "develop", "development", "test", "testing"})


def is_record_id(value: str) -> bool:
    """Whether a text is nothing but the id of a record."""
    if _UUID.fullmatch(value) or _OBJECT_ID.fullmatch(value) or _PREFIXED.fullmatch(value):
        return True
    if _OPAQUE.fullmatch(value):  # HighLevel’s, and those of Firebase
        return _is_mixed(value, 2)
    return bool(_LONG.fullmatch(value)) and _is_mixed(value, 3)  # Google’s


def _is_mixed(value: str, least: int) -> bool:
    """Whether figures, capitals and small letters stand side by side as in no word."""
    kinds = (str.isdigit, str.isupper, str.islower)
    if any(sum(map(kind, value)) < least for kind in kinds):
        return False
    changes = sum(
        a.isalpha() and b.isalpha() and a.islower() and b.isupper() for a, b in _pairs(value)
    )
    return changes >= least or value[0].isdigit()


def _pairs(value: str) -> Iterator[tuple[str, str]]:
    return itertools.pairwise(value)


def quoted_ids(code: str) -> Iterator[str]:
    """The ids that stand in quotes in code."""
    for match in _QUOTED.finditer(code):
        if is_record_id(match[1]) and not any(True for _ in formed_secrets(match[1])):
            yield match[1]


def ids_in_path(url: Url) -> Iterator[str]:
    """The ids in an address; that of a webhook is one as a whole and does not count."""
    if not url.is_fixed or "hook" in url.host or "hook" in url.path.lower():
        return
    for part in url.path.split("/"):
        if is_record_id(part) and not any(True for _ in formed_secrets(part)):
            yield part


def environment_of(url: Url) -> bool:
    """Whether the host is that of one environment: this machine, a bare address, dev, staging."""
    if not url.is_fixed:
        return False
    parts = re.split(r"[.-]", url.host)[:-1]
    first = url.host.partition(".")[0].split("-") if len(parts) > 1 else []
    if not (_ENVIRONMENTS.isdisjoint(parts) and _FIRST.isdisjoint(first)):
        return True
    return url.is_local or url.is_bare


#: What a HighLevel condition picks from a list of its own, so that the id follows the record.
_SELECTED = re.compile(
    r"pipeline|stage|calendar|form|survey|user|assign|owner|workflow|campaign|link|product|offer"
    r"|template|tag|appointment|invoice|trigger",
    re.IGNORECASE,
)


def compared_values(step: Step) -> Iterator[str]:
    """The literal values that the conditions of a step compare with."""
    for branch in mappings(step.params.get("branches")):
        for segment in mappings(branch.get("segments")):
            for condition in mappings(segment.get("conditions")):
                about = (condition.get("conditionType"), condition.get("conditionSubType"))
                if not any(_SELECTED.search(text(word)) for word in about):
                    yield from _texts(condition.get("conditionValue"))
    conditions = step.params.get("conditions")
    groups = [conditions, *_rules(step.params.get("rules"))]
    for group in groups:
        for entry in _entries(group):
            yield from _texts(entry.get("rightValue", entry.get("value2")))


def _rules(rules: object) -> Iterator[object]:
    for key in ("values", "rules"):
        for entry in mappings(rules.get(key)) if isinstance(rules, dict) else ():
            yield entry.get("conditions", {"string": entry})


def _entries(group: object) -> Iterator[dict[str, object]]:
    """The single tests of a filter; older versions keep them by type."""
    if isinstance(group, dict):
        for key in ("conditions", "string", "number"):
            for entry in mappings(group.get(key)):
                yield dict(entry)


def _texts(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and "{{" not in item:
            yield item.strip()
