"""Calls in a loop without a pause between them.

## Why it matters
A long list is sent to the other side as fast as it can be run. Most services then refuse further
calls for a while, and the rest of the list is lost or the run stops half-way.

## How to fix
n8n: put a “Wait” of a second or more into the loop, or set the node's own “Batching” option.
Make: put a “Sleep” module before the call, or aggregate the items and send them in one call.

## Bad
    {"name": "Tag contacts", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Each contact", "type": "n8n-nodes-base.splitInBatches",
       "typeVersion": 3, "position": [200, 0], "parameters": {"options": {}}},
      {"id": "3", "name": "Tag", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [400, 100], "parameters": {"url": "https://crm.acme-tools.com/tags"}}],
     "connections": {
      "Every day": {"main": [[{"node": "Each contact", "type": "main", "index": 0}]]},
      "Each contact": {"main": [[], [{"node": "Tag", "type": "main", "index": 0}]]},
      "Tag": {"main": [[{"node": "Each contact", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Tag contacts", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Each contact", "type": "n8n-nodes-base.splitInBatches",
       "typeVersion": 3, "position": [200, 0], "parameters": {"options": {}}},
      {"id": "3", "name": "Tag", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [400, 100], "parameters": {"url": "https://crm.acme-tools.com/tags"}},
      {"id": "4", "name": "A second", "type": "n8n-nodes-base.wait", "typeVersion": 1.1,
       "position": [600, 100], "parameters": {"amount": 1}}],
     "connections": {
      "Every day": {"main": [[{"node": "Each contact", "type": "main", "index": 0}]]},
      "Each contact": {"main": [[], [{"node": "Tag", "type": "main", "index": 0}]]},
      "Tag": {"main": [[{"node": "A second", "type": "main", "index": 0}]]},
      "A second": {"main": [[{"node": "Each contact", "type": "main", "index": 0}]]}}}

## Bad (make)
    {"name": "Tag contacts", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "builtin:BasicFeeder", "version": 1,
       "mapper": {"array": "{{1.contacts}}"}},
      {"id": 3, "module": "http:ActionSendData", "version": 3,
       "mapper": {"url": "https://crm.acme-tools.com/tags", "method": "post"}}],
     "metadata": {"instant": true, "version": 1, "scenario": {"sequential": true}}}

## Good (make)
    {"name": "Tag contacts", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "builtin:BasicFeeder", "version": 1,
       "mapper": {"array": "{{1.contacts}}"}},
      {"id": 4, "module": "util:FunctionSleep", "version": 1, "mapper": {"duration": "1"}},
      {"id": 3, "module": "http:ActionSendData", "version": 3,
       "mapper": {"url": "https://crm.acme-tools.com/tags", "method": "post"}}],
     "metadata": {"instant": true, "version": 1, "scenario": {"sequential": true}}}
"""

from collections.abc import Iterable

from apps.workflows.analysis.facts.loops import along, holds, walk_round
from apps.workflows.analysis.facts.values import mapping, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, N8N, EdgeKind, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[N8N, MAKE],
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    if graph.platform == MAKE:
        return [_hit(calls, root) for root, calls in _bodies(graph) if calls]
    hits = []
    for loop in graph.loops:
        calls = _calls(loop)
        if calls and graph.is_reachable(loop[0]):
            walk = walk_round(loop, graph)
            head = next((step for step in loop if step.spec.kind is Kind.LOOP), walk[-1])
            hits.append(_hit(along(walk, calls), head))
    return hits


def _calls(body: Iterable[Step]) -> list[Step]:
    """The calls that nothing slows down; none when anything in the body waits."""
    calls = []
    for step in body:
        if holds(step):
            return []
        if step.enabled and _is_call(step) and not _batches(step):
            calls.append(step)
    return calls


def _is_call(step: Step) -> bool:
    """A database of one's own does not count the queries."""
    return Trait.CALLS in step.spec.traits and Trait.SQL not in step.spec.traits


def _batches(step: Step) -> bool:
    """The node's own option to send so many calls at a time and pause in between."""
    options = mapping(step.params.get("options"))
    return any("batch" in str(name).lower() and value for name, value in options.items())


def _hit(calls: list[Step], head: Step) -> Hit:
    many = "is called" if len(calls) == 1 else "are called"
    return Hit(
        [*calls, *([head] if head not in calls else [])],
        f"{names(calls)} {many} for every turn of the loop at “{head.label}” without a pause.",
    )


# -- Make --------------------------------------------------------------------------------------


def _bodies(graph: Graph) -> list[tuple[Step, list[Step]]]:
    """Every outermost iterator with the unslowed calls behind it, as far as its aggregator."""
    within: dict[int, int] = {}
    bodies: dict[int, list[Step]] = {}
    for component in reversed(graph.components):
        step = graph.steps[component[0]]
        root = within.get(step.index)
        if root is not None:
            bodies[root].append(step)
            if _closes(step, graph.steps[root]):
                root = None
        elif step.spec.kind is Kind.LOOP and step.enabled:
            root = step.index
            bodies[root] = []
        if root is not None:
            for edge in graph.out[step.index]:
                if edge.kind is not EdgeKind.ERROR:
                    within.setdefault(edge.target, root)
    return [(graph.steps[root], _calls(body)) for root, body in sorted(bodies.items())]


def _closes(step: Step, root: Step) -> bool:
    """Whether this is the aggregator that gathers what the iterator gave out."""
    if step.spec.kind is not Kind.MERGE or step.type == "builtin:BasicMerge":
        return False
    feeder = text(mapping(step.params.get("parameters")).get("feeder"))
    return not feeder or feeder == root.id
