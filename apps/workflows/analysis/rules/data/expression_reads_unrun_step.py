"""An expression that reads a step which may not have run.

## Why it matters
Where that step has not run, the expression fails or is empty: the run stops in the middle, or
goes on with a hole in its data.

## How to fix
Move the step that is read to a place before every path to this one, or test with `isExecuted`
before reading it.

## Bad
    {"name": "Refund", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Large?", "type": "n8n-nodes-base.if", "typeVersion": 2,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Ask manager", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, -100], "parameters": {}},
      {"id": "4", "name": "Pay back", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [600, 0],
       "parameters": {"note": "={{ $('Ask manager').item.json.answer }}"}}],
     "connections": {
      "Start": {"main": [[{"node": "Large?", "type": "main", "index": 0}]]},
      "Large?": {"main": [[{"node": "Ask manager", "type": "main", "index": 0}],
                          [{"node": "Pay back", "type": "main", "index": 0}]]},
      "Ask manager": {"main": [[{"node": "Pay back", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Refund", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Large?", "type": "n8n-nodes-base.if", "typeVersion": 2,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Ask manager", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [400, -100], "parameters": {}},
      {"id": "4", "name": "Pay back", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [600, 0],
       "parameters": {"note": "={{ $('Start').item.json.amount }}"}}],
     "connections": {
      "Start": {"main": [[{"node": "Large?", "type": "main", "index": 0}]]},
      "Large?": {"main": [[{"node": "Ask manager", "type": "main", "index": 0}],
                          [{"node": "Pay back", "type": "main", "index": 0}]]},
      "Ask manager": {"main": [[{"node": "Pay back", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.expressions import Reference, references
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, N8N, OFF_FLOW, Graph, Step
from apps.workflows.analysis.rule import Rule, names
from apps.workflows.analysis.runs import Runs

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[N8N, MAKE],
)

#: More ways into a workflow than this are not each looked at.
_ENTRIES = 16

Reads = list[tuple[Step, Step, Reference]]


@rule.graph
def check(graph: Graph) -> list[Hit]:
    reads = _reads(graph)
    if not reads:
        return []
    watched = sorted({other.index for _, other, _ in reads})
    runs = [Runs(graph, entry, watched) for entry in graph.entries[:_ENTRIES]]
    found: dict[int, tuple[Step, list[Step], bool]] = {}
    for step, other, _ in reads:
        unrun = _unrun(runs, step, other)
        if unrun is not None:
            readers, never = found.setdefault(other.index, (other, [], unrun))[1:]
            if step not in readers:
                readers.append(step)
            found[other.index] = (other, readers, never or unrun)
    return [_hit(*found[index]) for index in sorted(found)]


def _reads(graph: Graph) -> Reads:
    """Every unguarded reading of a step on the flow by another that a run comes to."""
    by_name = {step.name if graph.platform == N8N else step.id: step for step in graph.steps}
    found: Reads = []
    for index, refs in references(graph).items():
        step = graph.steps[index]
        tested = {ref.name for ref in refs if ref.is_test}
        if step.spec.kind in OFF_FLOW or not graph.is_reachable(step):
            continue
        for ref in refs:
            other = by_name.get(ref.name)
            if other is not None and ref.name not in tested and _on_flow(other, step):
                found.append((step, other, ref))
    return found


def _on_flow(other: Step, step: Step) -> bool:
    return other is not step and other.enabled and other.spec.kind not in OFF_FLOW


def _unrun(runs: list[Runs], step: Step, other: Step) -> bool | None:
    """``True``: it never runs before; ``False``: only on some paths; ``None``: it always does.

    Each entry that can come to the read step is judged by itself.
    """
    to_step = [run for run in runs if run.reaches(step)]
    to_both = [run for run in to_step if run.reaches(other)]
    if not to_step:
        return None
    if not any(run.ever(step, other) for run in to_both):
        return True
    return False if any(not run.always(step, other) for run in to_both) else None


def _hit(other: Step, readers: list[Step], never: bool) -> Hit:
    when = "never runs before" if never else "does not run on every path to"
    return Hit(
        [*readers, other],
        f"{names(readers)} {'reads' if len(readers) == 1 else 'read'} “{other.label}”, which "
        f"{when} {'it' if len(readers) == 1 else 'them'}.",
        param=other.id,
    )
