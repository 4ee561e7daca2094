"""An error that is passed on as if it were a result.

## Why it matters
When this step fails the run goes on with an error in the place of the data: later steps write or
send nothing, or nonsense, and the run still counts as a success.

## How to fix
Set “On Error” to “Continue (using error output)” and handle the error there, or test the result
with an If step before it is used; in Make replace Ignore or Resume by Break.

## Bad
    {"name": "Sync", "active": false, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "onError": "continueRegularOutput",
       "parameters": {"url": "https://shop.acme-tools.com/order"}},
      {"id": "3", "name": "Total", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {"assignments": {"assignments": [
        {"id": "a", "name": "total", "type": "number", "value": "={{ $json.total }}"}]}}}],
     "connections": {
      "Hourly": {"main": [[{"node": "Load order", "type": "main", "index": 0}]]},
      "Load order": {"main": [[{"node": "Total", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Sync", "active": false, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Load order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0],
       "parameters": {"url": "https://shop.acme-tools.com/order"}},
      {"id": "3", "name": "Total", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {"assignments": {"assignments": [
        {"id": "a", "name": "total", "type": "number", "value": "={{ $json.total }}"}]}}}],
     "connections": {
      "Hourly": {"main": [[{"node": "Load order", "type": "main", "index": 0}]]},
      "Load order": {"main": [[{"node": "Total", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.facts.expressions import readers
from apps.workflows.analysis.facts.values import mappings, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, N8N, OFF_FLOW, EdgeKind, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[N8N, MAKE],
)

_EXEMPT = OFF_FLOW | {Kind.TRIGGER, Kind.WAIT, Kind.MERGE, Kind.LOOP, Kind.BRANCH}
#: What reads the data that comes in from the step before.
_INPUT = ("$json", "$input", "$binary", "items[")
#: Whoever names an error looks at it; so does a test of whether a value is there.
_CHECKS = ("error", "iserror", "statuscode", "isempty", "?.", "??", "||")


@rule.step()
def check(step: Step, graph: Graph) -> Hit | None:
    if step.on_error != "continue" or step.spec.kind in _EXEMPT:
        return None
    used_by = _make(step, graph) if graph.platform == MAKE else _n8n(step, graph)
    if used_by is None:
        return None
    return Hit(
        [step, used_by],
        f"When “{step.label}” fails the run goes on all the same, and “{used_by.label}” uses what "
        "is not there.",
    )


def _n8n(step: Step, graph: Graph) -> Step | None:
    """The step that uses the result, if none of those that come next looks at it first."""
    following = [
        graph.steps[edge.target]
        for edge in graph.out[step.index]
        if edge.kind is not EdgeKind.ERROR and graph.steps[edge.target].enabled
    ]
    if any(_looks(other) for other in following):
        return None
    direct = next((other for other in following if _takes(other)), None)
    return direct or _reader(step, graph)


def _reader(step: Step, graph: Graph) -> Step | None:
    """The first step that reads the result by the step’s name, unless one only tests it."""
    reads = readers(graph).get(step.name, [])
    if any(ref.is_test for _, ref in reads):
        return None
    others = (reader for reader, _ in reads if reader is not step and not _looks(reader))
    return next(others, None)


def _looks(step: Step) -> bool:
    kind = step.spec.kind
    if kind is Kind.BRANCH or (kind is Kind.CODE and "catch" in step.lower_text):
        return True
    return any(mark in step.lower_text for mark in _CHECKS)


def _takes(step: Step) -> bool:
    return step.spec.kind is Kind.CODE or any(mark in step.text for mark in _INPUT)


def _make(step: Step, graph: Graph) -> Step | None:
    """The module that uses the output: Resume puts something else there, Ignore nothing."""
    handlers = {text(item.get("module")) for item in mappings(step.raw.get("onerror"))}
    writes = Trait.WRITES in step.spec.traits or step.spec.has_effect
    if "builtin:Resume" not in handlers and not ("builtin:Ignore" in handlers and writes):
        return None
    reads = [
        (reader, ref)
        for reader, ref in readers(graph).get(str(step.raw.get("id")), [])
        if reader is not step
    ]
    if not reads or any(ref.parameter.startswith(("filter", "branches")) for _, ref in reads):
        return None
    return reads[0][0]
