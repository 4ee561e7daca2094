"""Scenario settings that lose or mix up data.

## Why it matters
Make's defaults and a hurried click decide here what happens under load or after an error:
incoming data is thrown away, two runs write over each other, or a failed run cannot be repeated.

## How to fix
Open the scenario's settings: switch “Enable data loss” off, “Sequential processing” on for
scenarios that start instantly, and “Allow storing of incomplete executions” on where a break
handler is used.

## Bad
    {"name": "Orders", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "datastore:AddRecord", "version": 1, "parameters": {"datastore": 3},
       "mapper": {"key": "{{1.id}}"}}],
     "metadata": {"instant": true, "version": 1,
      "scenario": {"sequential": true, "autoCommit": false, "dataloss": true, "dlq": true}}}

## Good
    {"name": "Orders", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "datastore:AddRecord", "version": 1, "parameters": {"datastore": 3},
       "mapper": {"key": "{{1.id}}"}}],
     "metadata": {"instant": true, "version": 1,
      "scenario": {"sequential": true, "autoCommit": false, "dataloss": false, "dlq": true}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=[MAKE],
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    settings = graph.settings.raw
    start = [graph.steps[index] for index in graph.entries[:1]]
    hits = []
    if settings.get("dataloss") is True and start:
        message = (
            "Data loss is allowed: when the scenario's storage is full, new data is thrown away."
        )
        hits.append(_hit(start, "dataloss", message, "Switch “Enable data loss” off."))
    if settings.get("sequential") is False and start and Trait.WEBHOOK in start[0].spec.traits:
        message = (
            f"Runs started by “{start[0].label}” go on side by side: two events that come close "
            "together may overtake each other and write over the same record."
        )
        hits.append(_hit(start, "sequential", message, "Switch “Sequential processing” on."))
    breaks = [step for step in graph.of_kind(Kind.ERROR) if step.type == "builtin:Break"]
    if settings.get("dlq") is False and breaks:
        message = (
            f"“{breaks[0].label}” puts failed runs aside to be tried again, but storing incomplete "
            "runs is off: they are lost."
        )
        remedy = "Switch “Allow storing of incomplete executions” on."
        hits.append(_hit(breaks, "dlq", message, remedy))
    return hits


def _hit(steps: list[Step], setting: str, message: str, remedy: str) -> Hit:
    return Hit(
        steps,
        message,
        remedy=f"Open the scenario's settings. {remedy}",
        param=setting,
        anchored=False,
    )
