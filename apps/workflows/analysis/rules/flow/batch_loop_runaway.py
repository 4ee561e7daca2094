"""A loop over items that starts itself again when it is done.

## Why it matters
After the last batch the flow comes back into the same loop node, which reports “done” once more,
and so on: the execution never ends, and whatever lies on the way is repeated until n8n is
stopped.

## How to fix
Connect the “done” output to what comes after the loop, and only the “loop” output's steps back to
the loop node.

## Bad
    {"name": "Invoices", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Each invoice", "type": "n8n-nodes-base.splitInBatches",
       "typeVersion": 3, "position": [200, 0], "parameters": {"options": {}}},
      {"id": "3", "name": "Format", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 100], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Each invoice", "type": "main", "index": 0}]]},
      "Each invoice": {"main": [[{"node": "Format", "type": "main", "index": 0}],
                                [{"node": "Format", "type": "main", "index": 0}]]},
      "Format": {"main": [[{"node": "Each invoice", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Invoices", "active": true, "nodes": [
      {"id": "1", "name": "Every day", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Each invoice", "type": "n8n-nodes-base.splitInBatches",
       "typeVersion": 3, "position": [200, 0], "parameters": {"options": {}}},
      {"id": "3", "name": "Format", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, 100], "parameters": {}}],
     "connections": {
      "Every day": {"main": [[{"node": "Each invoice", "type": "main", "index": 0}]]},
      "Each invoice": {"main": [[], [{"node": "Format", "type": "main", "index": 0}]]},
      "Format": {"main": [[{"node": "Each invoice", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.algorithms import strong_components
from apps.workflows.analysis.facts.loops import loop_numbers
from apps.workflows.analysis.facts.values import mapping
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Edge, EdgeKind, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.CRITICAL,
    confidence=Confidence.FIRM,
    platforms=[N8N],
)

#: Loop nodes followed at a time: bounds the memory for bits to about 1 KB per step.
_SWEEP = 8_192
#: So many findings get the way back as well; more such loops are not drawn by hand.
_MOST_PATHS = 20


@rule.graph
def check(graph: Graph) -> list[Hit]:
    suspects = _suspects(graph)
    hits = []
    for start in range(0, len(suspects), _SWEEP):
        hits += _runaways(suspects[start : start + _SWEEP], graph)
    return hits


def _suspects(graph: Graph) -> list[Step]:
    """Loop nodes whose done output leads back into the region they stand in."""
    batching = [step for step in graph.of_kind(Kind.LOOP) if step.outputs == 2]
    if not batching:
        return []
    numbers = loop_numbers(graph)
    return [
        step
        for step in batching
        if any(_stays(edge, numbers) for edge in _done(step, graph))
        and not _restarts(step, graph.loops[numbers[step.index]])
        and not _only_limits(step, numbers, graph)
    ]


def _stays(edge: Edge, numbers: dict[int, int]) -> bool:
    return edge.source in numbers and numbers[edge.source] == numbers.get(edge.target)


def _restarts(step: Step, loop: list[Step]) -> bool:
    """Set to take what comes in as new items: right where an outer loop brings a page each turn."""
    reset = mapping(step.params.get("options")).get("reset")
    if isinstance(reset, str):
        return reset.startswith("=")
    return reset is True and any(other.enabled and other.spec.kind is Kind.BRANCH for other in loop)


def _only_limits(step: Step, numbers: dict[int, int], graph: Graph) -> bool:
    """Used to let one batch through: nothing but the done output itself comes back."""
    if any(edge.target != step.index for edge in _done(step, graph)):
        return False
    return not any(_stays(e, numbers) for e in graph.out[step.index] if e.kind is EdgeKind.LOOP)


def _done(step: Step, graph: Graph) -> list[Edge]:
    return [edge for edge in graph.out[step.index] if edge.kind is EdgeKind.NEXT]


def _runaways(suspects: list[Step], graph: Graph) -> list[Hit]:
    """One bit per suspect travels backwards from it, stopping at every loop node."""
    cut = [
        [] if step.spec.kind is Kind.LOOP and step.enabled else graph.out[step.index]
        for step in graph.steps
    ]
    bits = {step.index: 1 << n for n, step in enumerate(suspects)}
    leads_to = [0] * len(graph.steps)
    for component in strong_components(cut):
        mask = 0
        for index in component:
            mask |= bits.get(index, 0)
            for edge in cut[index]:
                mask |= leads_to[edge.target]
        if mask:
            for index in component:
                leads_to[index] = mask
    hits: list[Hit] = []
    for step in suspects:
        back = [edge for edge in _done(step, graph) if leads_to[edge.target] & bits[step.index]]
        if back:
            hits.append(_hit(step, back[0], graph, with_way_back=len(hits) < _MOST_PATHS))
    return hits


def _hit(step: Step, edge: Edge, graph: Graph, *, with_way_back: bool) -> Hit:
    first = graph.steps[edge.target]
    back = graph.path_between(first, step)[1:] if with_way_back and first is not step else []
    through = f"through “{first.label}” " if first is not step else ""
    return Hit(
        [step, first] if first is not step else [step],
        f"The “done” output of “{step.label}” leads {through}back into it: the loop is started "
        "over and over and never ends.",
        path=[*graph.path_to(step), first, *back],
    )
