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

from collections import deque
from collections.abc import Iterable, Iterator

from apps.workflows.analysis.algorithms import SWEEP
from apps.workflows.analysis.facts.expressions import references
from apps.workflows.analysis.facts.reach import reached_from
from apps.workflows.analysis.facts.runs import Runs
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, N8N, OFF_FLOW, Graph, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[N8N, MAKE],
)

#: More ways into a workflow than this are not each looked at, in long ones even fewer.
_ENTRIES = 16
_LONG = 80_000
#: So many findings get a walk of their own making; those after it the shortest one.
_WITNESSES = 50
#: So many steps back a read step is looked for before all paths are.
_NEAR = 30

#: A step and another one that it reads.
Read = tuple[Step, Step]


@rule.graph
def check(graph: Graph) -> list[Hit]:
    starts = frozenset(graph.entries)
    found = dict.fromkeys(_reads(graph))
    reads = [read for read in found if not _surely_ran(graph, *read, starts)]
    if not reads:
        return []
    never: dict[int, list[Step]] = {}
    sometimes: dict[int, list[Step]] = {}
    for (step, other), always in _judged(graph, reads):
        (sometimes if always else never).setdefault(other.index, []).append(step)
    return [*_of_never(graph, never), *_of_sometimes(graph, sometimes)]


def _of_never(graph: Graph, found: dict[int, list[Step]]) -> Iterator[Hit]:
    for place, n in enumerate(sorted(found)):
        hit = _hit(graph.steps[n], found[n], "never runs before")
        if place < _WITNESSES and _may_be_first(graph, graph.steps[n], found[n][0]):
            hit.confidence = Confidence.TENTATIVE
            hit.message += (
                " It stands on a parallel branch, so only the places of the two on the canvas "
                "decide which of them is first."
            )
        yield hit


def _of_sometimes(graph: Graph, found: dict[int, list[Step]]) -> Iterator[Hit]:
    for place, n in enumerate(sorted(found)):
        hit = _hit(graph.steps[n], found[n], "does not run on every path to")
        if place < _WITNESSES:
            hit.path = _way_past(graph, found[n][0], n)
        yield hit


# -- who reads what ------------------------------------------------------------------------


def _reads(graph: Graph) -> Iterator[Read]:
    """Every unguarded reading of a step on the flow by another that a run comes to."""
    on_flow = [step for step in graph.steps if step.spec.kind not in OFF_FLOW and step.enabled]
    by_name = {step.name if graph.platform == N8N else step.id: step for step in on_flow}
    guarded = _guarded(graph)
    for index, refs in references(graph).items():
        step = graph.steps[index]
        if step.spec.kind in OFF_FLOW or not graph.is_reachable(step):
            continue
        for name in dict.fromkeys(ref.name for ref in refs):
            other = by_name.get(name)
            if other is not None and other is not step and index not in guarded.get(name, ()):
                yield step, other


def _surely_ran(graph: Graph, step: Step, other: Step, starts: frozenset[int]) -> bool:
    """A cheap proof for most reads: going back where there is one way only, the other is met."""
    index = step.index
    for _ in range(_NEAR):
        edges = graph.into[index]
        if len(edges) != 1 or index in starts:
            return False
        index = edges[0].source
        if index == other.index:
            return True
    return False


def _guarded(graph: Graph) -> dict[str, set[int]]:
    """By name the steps at or behind one that asks whether the step of this name has run."""
    testers: dict[str, list[int]] = {}
    for index, refs in references(graph).items():
        for ref in refs:
            if ref.is_test:
                testers.setdefault(ref.name, []).append(index)
    return {
        name: set(indexes) if n >= _WITNESSES else reached_from(graph, indexes)
        for n, (name, indexes) in enumerate(sorted(testers.items()))
    }


# -- whether it has run --------------------------------------------------------------------


def _judged(graph: Graph, reads: list[Read]) -> Iterator[tuple[Read, bool]]:
    """The reads of what has not run: with ``True`` where that is so on some paths only."""
    others = sorted({other.index for _, other in reads})
    for start in range(0, len(others), SWEEP):
        watched = others[start : start + SWEEP]
        inside = range(watched[0], watched[-1] + 1)
        yield from _judge(graph, watched, [read for read in reads if read[1].index in inside])


def _judge(graph: Graph, watched: list[int], reads: list[Read]) -> Iterable[tuple[Read, bool]]:
    """Each entry that can come to the step that is read is judged by itself."""
    met: set[Read] = set()  # an entry leads to the reading step
    ever: set[Read] = set()
    not_always: set[Read] = set()
    entries = graph.entries[: min(_ENTRIES, 1 + _LONG // len(graph.steps))]
    for entry in entries:
        runs = Runs(graph, entry, watched)
        for read in reads:
            step, other = read
            if runs.reaches(step):
                met.add(read)
                if runs.reaches(other):
                    if runs.ever(step, other):
                        ever.add(read)
                    if not runs.always(step, other):
                        not_always.add(read)
    if len(entries) < len(graph.entries):  # what these do not lead to may come from the others
        met = not_always
    for read in reads:
        if read in met and (read not in ever or read in not_always):
            yield read, read in ever


# -- what is said --------------------------------------------------------------------------


def _way_past(graph: Graph, step: Step, other: int) -> list[Step]:
    """A shortest walk to a step, from an entry that leads to another, past that other."""
    leading = graph.before(graph.steps[other])
    came: dict[int, int] = {n: -1 for n in graph.entries if n in leading and n != other}
    queue = deque(came)
    while queue and step.index not in came:
        index = queue.popleft()
        for edge in graph.out[index]:
            if edge.target != other and edge.target not in came:
                came[edge.target] = index
                queue.append(edge.target)
    if step.index not in came:
        return graph.path_to(step)
    walk = [step.index]
    while came[walk[-1]] >= 0:
        walk.append(came[walk[-1]])
    return [graph.steps[index] for index in reversed(walk)]


def _may_be_first(graph: Graph, other: Step, step: Step) -> bool:
    """Whether n8n, which runs parallel branches from the top of the canvas down, runs it first."""
    if graph.settings.raw.get("executionOrder") != "v1":
        return False
    to_other = graph.before(other) | {other.index}
    to_step = graph.before(step) | {step.index}
    for fork in sorted(to_other & to_step):
        heads: dict[int, list[tuple[float, float]]] = {}
        for edge in graph.out[fork]:
            place = graph.steps[edge.target].position
            if place is not None and edge.target in to_step - to_other:
                heads.setdefault(edge.port, []).append(place[::-1])
        for edge in graph.out[fork]:
            place = graph.steps[edge.target].position
            if place is not None and edge.target in to_other - to_step and edge.port in heads:
                return place[::-1] < min(heads[edge.port])
    return False


def _hit(other: Step, readers: list[Step], when: str) -> Hit:
    one = len(readers) == 1
    return Hit(
        [*readers, other],
        f"{names(readers)} {'reads' if one else 'read'} “{other.label}”, which {when} "
        f"{'it' if one else 'them'}.",
        param=other.id,
    )
