"""The id of another account, left over from a copy.

## Why it matters
The step reads from or writes to the account it was copied from: contacts, calls and messages end up
with another client, or the step fails because it has no right to be there.

## How to fix
Open the step (or trigger), choose the entry of this account again and save; in addresses and bodies
put in this account's own location id.

## Bad
    {"name": "New lead", "status": "published", "locationId": "ve9EPM428h8vShlRW1KT",
     "workflowData": {"templates": [
      {"id": "s1", "type": "internal_create_opportunity", "name": "Create deal", "order": 0,
       "attributes": {"locationId": "JmWT9rNx2cQvB7ePz4Lk", "pipelineId": "pipe1",
        "pipelineStageId": "stage1", "__customInputFields__": []}}]}}

## Good
    {"name": "New lead", "status": "published", "locationId": "ve9EPM428h8vShlRW1KT",
     "workflowData": {"templates": [
      {"id": "s1", "type": "internal_create_opportunity", "name": "Create deal", "order": 0,
       "attributes": {"locationId": "ve9EPM428h8vShlRW1KT", "pipelineId": "pipe1",
        "pipelineStageId": "stage1", "__customInputFields__": []}}]}}
"""

import re
from collections.abc import Iterator
from typing import Any

from apps.workflows.analysis.facts.values import text
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Found, Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)

_KEYS = frozenset({"locationid", "location_id"})
#: Its target is another account by intent.
_COPIES = "copy_contact_to_subaccount"
#: HighLevel's own addresses, and the places in them and in bodies where an account's id stands.
_HOSTS = ("leadconnectorhq.com", "gohighlevel.com", "msgsndr.com")
_IN_PATH = re.compile(r"/locations?/([A-Za-z0-9]{15,30})(?![A-Za-z0-9])")
_IN_TEXT = re.compile(
    r"location_?id[\"']?\s{0,4}[=:]\s{0,4}[\"']?([A-Za-z0-9]{15,30})(?![A-Za-z0-9])", re.IGNORECASE
)


@rule.graph
def check(graph: Graph) -> Found:
    stated = text(graph.raw.get("locationId"))
    own = (graph.account.location if graph.account is not None else "") or stated
    found: dict[str, list[Step]] = {}
    for step in graph.steps:
        if step.enabled and step.type != _COPIES:
            for place in dict.fromkeys(_places(step)):
                if place != own:
                    found.setdefault(place, []).append(step)
    if found and not own:
        return NotChecked("the file does not say which account the workflow belongs to")
    hits = [_hit(place, found[place]) for place in sorted(found)]
    if stated and stated != own and stated not in found:
        hits.append(_whole_hit(graph, stated))
    return hits


def _places(step: Step) -> Iterator[str]:
    """Every location id that stands in the step or trigger."""
    if Trait.FOREIGN in step.spec.traits:
        return  # other apps call shops and branches so
    if step.spec.kind is not Kind.NOTE and "location" in step.lower_text:
        yield from _in_texts(step)
    if step.spec.kind not in (Kind.CALL, Kind.CODE):
        for key, value in _texts_by_key(step.raw):
            if key.lower() in _KEYS and value.strip() and "{{" not in value:
                yield value.strip()


def _texts_by_key(raw: Any) -> Iterator[tuple[str, str]]:
    """Every text that stands in an object, with its key."""
    level: list[Any] = [raw]
    while level:
        item = level.pop()
        if isinstance(item, list):
            level.extend(item)
        elif isinstance(item, dict):
            for key, value in item.items():
                if isinstance(value, str):
                    yield key, value
                elif isinstance(value, (dict, list)):
                    level.append(value)


def _in_texts(step: Step) -> Iterator[str]:
    """Ids in what goes to HighLevel itself; to others, a location is a place."""
    if not any(host in step.lower_text for host in _HOSTS):
        return
    for _, written in step.texts():
        if "ocation" not in written and "OCATION" not in written:
            continue
        yield from _IN_PATH.findall(written)
        yield from _IN_TEXT.findall(written)


def _hit(place: str, steps: list[Step]) -> Hit:
    verb = "is" if len(steps) == 1 else "are"
    return Hit(
        steps,
        f"{names(steps)} {verb} set to the account “{place[:40]}”, which is not the one this "
        "workflow belongs to.",
        param=place,
        anchored=False,
    )


def _whole_hit(graph: Graph, stated: str) -> Hit:
    first = [graph.steps[index] for index in graph.entries[:1]]
    return Hit(
        first,
        f"The workflow itself is marked as one of the account “{stated[:40]}”, not of the account "
        "whose other workflows and lists are in the file.",
        param=stated,
        anchored=False,
    )
