"""A step that nothing leads to.

## Why it matters
No contact ever gets here, so what this step and the ones behind it should do never happens.

## How to fix
Connect the step to the path it belongs to, or delete it.

## Bad
    {"name": "New lead", "active": true, "nodes": [
      {"id": "1", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"path": "lead", "authentication": "headerAuth"}},
      {"id": "2", "name": "Save lead", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Shorten", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 200], "parameters": {}},
      {"id": "4", "name": "Format", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 200], "parameters": {}}],
     "connections": {
      "Webhook": {"main": [[{"node": "Save lead", "type": "main", "index": 0}]]},
      "Shorten": {"main": [[{"node": "Format", "type": "main", "index": 0}]]}}}

## Good
    {"name": "New lead", "active": true, "nodes": [
      {"id": "1", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"path": "lead", "authentication": "headerAuth"}},
      {"id": "2", "name": "Save lead", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Shorten", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Webhook": {"main": [[{"node": "Save lead", "type": "main", "index": 0}]]},
      "Save lead": {"main": [[{"node": "Shorten", "type": "main", "index": 0}]]}}}
"""

from collections import deque
from collections.abc import Iterator

from apps.workflows.analysis.facts.wiring import copies
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import PLATFORMS, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
    needs=(Need.CONTENT,),
)

#: They start by themselves, or are no steps.
_EXEMPT = frozenset({Kind.TRIGGER, Kind.ERROR, Kind.NOTE, Kind.CONFIG, Kind.MARKER})


@rule.graph
def check(graph: Graph) -> list[Hit]:
    unreached = {step.index for step in graph.steps if not graph.is_reachable(step)}
    if not unreached:
        return []
    exempt = copies(graph) | {index for index, _ in graph.bad_connections}
    hits = []
    for region in _regions(graph, unreached):
        named = [i for i in region if _is_lost(graph.steps[i]) and i not in exempt]
        if named and not _is_pulled(region, graph):
            hits.append(_hit(_in_order(named, region, graph), graph))
    return hits


def _is_lost(step: Step) -> bool:
    return step.enabled and step.spec.kind not in _EXEMPT


def _is_pulled(region: list[int], graph: Graph) -> bool:
    """n8n before its order “v1” runs whatever a step with several inputs still waits for."""
    if graph.settings.raw.get("executionOrder") == "v1":
        return False
    targets = {edge.target for index in region for edge in graph.out[index]}
    return any(
        graph.is_reachable(graph.steps[target])
        and len({edge.target_port for edge in graph.into[target]}) > 1
        for target in targets
    )


def _regions(graph: Graph, unreached: set[int]) -> Iterator[list[int]]:
    """Unreached steps by what hangs together; steps without any connection are left out."""
    beside: dict[int, list[int]] = {}
    for edge in graph.edges:
        for index, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if index in unreached:
                beside.setdefault(index, [])
                if other in unreached:
                    beside[index].append(other)
    seen: set[int] = set()
    for start in sorted(beside):
        if start in seen:
            continue
        seen.add(start)
        region = [start]
        for index in region:  # grows while it is walked
            fresh = [other for other in beside[index] if other not in seen]
            seen.update(fresh)
            region += dict.fromkeys(fresh)
        yield sorted(region)


def _in_order(named: list[int], region: list[int], graph: Graph) -> list[Step]:
    """The named steps as a run would take them, from where the region begins."""
    inside = set(region)
    heads = [i for i in region if not any(edge.source in inside for edge in graph.into[i])]
    flow_heads = [i for i in heads if graph.steps[i].spec.kind is not Kind.SUBNODE]
    head = (flow_heads or heads or named)[0]
    walk = dict.fromkeys([head])
    queue = deque([head])
    while queue:
        for edge in graph.out[queue.popleft()]:
            if edge.target in inside and edge.target not in walk:
                walk[edge.target] = None
                queue.append(edge.target)
    wanted = set(named)
    return [graph.steps[i] for i in dict.fromkeys([*walk, *named]) if i in wanted]


def _hit(region: list[Step], graph: Graph) -> Hit:
    acts = any(step.spec.has_effect for step in region)
    if len(region) == 1:
        what = "never runs"
    else:
        what = f"and the steps connected with it ({len(region)} in all) never run"
    return Hit(
        region,
        f"{names(region[:1])} {what}: no path from a trigger leads there.",
        severity=Severity.HIGH if acts else None,
    )
