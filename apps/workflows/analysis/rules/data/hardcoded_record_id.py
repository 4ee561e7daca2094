"""A record’s id or one environment’s address, written into code.

## Why it matters
The id belongs to one account and the address to one environment: in a copy of this workflow, or
after the record is replaced, the step works on the wrong thing or on nothing.

## How to fix
Take the id from the data of the run, or keep it with the address in one place that a copy can
change: a custom value (HighLevel) or a variable or first step (n8n).

## Bad
    {"name": "Assign", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Pick owner", "type": "n8n-nodes-base.code", "typeVersion": 2,
       "position": [200, 0],
       "parameters": {"jsCode": "return [{json: {owner: 'ocQHyuzHvysMo5N5VsXc'}}]"}}],
     "connections": {"Start": {"main": [[{"node": "Pick owner", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Assign", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Pick owner", "type": "n8n-nodes-base.code", "typeVersion": 2,
       "position": [200, 0],
       "parameters": {"jsCode": "return [{json: {owner: $vars.defaultOwner}}]"}}],
     "connections": {"Start": {"main": [[{"node": "Pick owner", "type": "main", "index": 0}]]}}}

## Bad (highlevel)
    {"name": "Sync", "status": "published", "workflowData": {"templates": [
      {"id": "hook", "type": "webhook", "name": "Send lead", "order": 0,
       "attributes": {"method": "POST", "url": "https://staging.acme-tools.com/leads"}}]}}

## Good (highlevel)
    {"name": "Sync", "status": "published", "workflowData": {"templates": [
      {"id": "hook", "type": "webhook", "name": "Send lead", "order": 0,
       "attributes": {"method": "POST", "url": "https://api.acme-tools.com/leads"}}]}}
"""

from collections.abc import Iterator

from apps.workflows.analysis.facts.record_ids import (
    compared_values,
    environment_of,
    ids_in_path,
    is_record_id,
    quoted_ids,
)
from apps.workflows.analysis.facts.urls import Url, called
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL, N8N],
)


_SHOWN = 3
#: The parameters that hold code.
_CODE = ("jsCode", "functionCode", "pythonCode", "code")


@rule.graph
def check(graph: Graph) -> list[Hit]:
    """One finding for what the same steps hold in the same place."""
    holders: dict[tuple[str, str], dict[int, Step]] = {}
    for step in graph.of_kind(Kind.CODE, Kind.BRANCH):
        for found in _written(step):
            holders.setdefault(found, {})[step.index] = step
    for step, url in called(graph):
        for value in _in_address(url):
            holders.setdefault(("an address", value), {})[step.index] = step
    groups: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for (where, value), steps in holders.items():
        groups.setdefault((where, tuple(sorted(steps))), []).append(value)
    return [
        _hit(where, values, [graph.steps[index] for index in indexes])
        for (where, indexes), values in groups.items()
    ]


def _written(step: Step) -> Iterator[tuple[str, str]]:
    """The ids in a step’s code and conditions: where each stands, and it."""
    if step.spec.kind is Kind.CODE:
        for name in _CODE:
            code = step.params.get(name)
            if isinstance(code, str):
                yield from (("its code", value) for value in quoted_ids(code))
    else:
        compared = compared_values(step)
        yield from (("a condition", value) for value in compared if is_record_id(value))


def _in_address(url: Url) -> Iterator[str]:
    if environment_of(url):
        yield url.host
    yield from ids_in_path(url)


def _hit(where: str, values: list[str], steps: list[Step]) -> Hit:
    has = "has" if len(steps) == 1 else "have"
    shown = ", ".join(sorted(values)[:_SHOWN])
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return Hit(
        steps,
        f"{names(steps)} {has} {shown}{more} written into {where}: that fits this account or this "
        "environment only.",
        param=where,
    )
