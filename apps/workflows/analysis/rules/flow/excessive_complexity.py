"""A workflow that is hard to follow.

## Why it matters
Nobody can hold this many steps or paths in mind: changes break paths that were not thought of, and
testing each of them is out of reach.

## How to fix
Move parts that stand on their own into workflows of their own and start them from here; replace
nested conditions by one step with several branches.

What counts as too much can be set: `max_steps`, `max_nesting` and `max_cyclomatic`, the number of
independent paths.

## Bad
    {"name": "Lead scoring", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Has e-mail", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Has phone", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [400, 0], "parameters": {}},
      {"id": "4", "name": "Is local", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [600, 0], "parameters": {}},
      {"id": "5", "name": "Has budget", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [800, 0], "parameters": {}},
      {"id": "6", "name": "Is a company", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [1000, 0], "parameters": {}},
      {"id": "7", "name": "Is large", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [1200, 0], "parameters": {}},
      {"id": "8", "name": "Bought before", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [1400, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Has e-mail", "type": "main", "index": 0}]]},
      "Has e-mail": {"main": [[{"node": "Has phone", "type": "main", "index": 0}]]},
      "Has phone": {"main": [[{"node": "Is local", "type": "main", "index": 0}]]},
      "Is local": {"main": [[{"node": "Has budget", "type": "main", "index": 0}]]},
      "Has budget": {"main": [[{"node": "Is a company", "type": "main", "index": 0}]]},
      "Is a company": {"main": [[{"node": "Is large", "type": "main", "index": 0}]]},
      "Is large": {"main": [[{"node": "Bought before", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Lead scoring", "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Has e-mail", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Has phone", "type": "n8n-nodes-base.if", "typeVersion": 2.2,
       "position": [400, 0], "parameters": {}}],
     "connections": {
      "Start": {"main": [[{"node": "Has e-mail", "type": "main", "index": 0}]]},
      "Has e-mail": {"main": [[{"node": "Has phone", "type": "main", "index": 0}]]}}}
"""

from collections import Counter
from collections.abc import Iterator

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import (
    HIGHLEVEL,
    NODE_RED,
    OFF_FLOW,
    PLATFORMS,
    Edge,
    EdgeKind,
    Graph,
    Kind,
    Step,
    Trait,
)
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
    options={"max_steps": 60, "max_nesting": 6, "max_cyclomatic": 24},
)

_NO_STEPS = OFF_FLOW | {Kind.MARKER}
#: Deeper nesting than this is not searched for: it bounds the work, whatever the option says.
_DEEPEST = 100
_OUTER = -1


@rule.graph
def check(graph: Graph) -> Hit | None:
    limit = {name: rule.option(graph, name) for name in rule.options}
    forks = [step for step in graph.steps if _ways(step, graph) > 1]
    found = []
    # Only what may be too much is counted exactly.
    if len(graph.steps) > limit["max_steps"] and (steps := _steps(graph)) > limit["max_steps"]:
        found.append(f"{steps} steps")
    if (paths := _paths(forks, graph)) > limit["max_cyclomatic"]:
        found.append(f"{paths} independent paths")
    deepest = _nested_deeper(graph, forks, limit["max_nesting"])
    if deepest is not None:
        most = int(limit["max_nesting"])
        found.append(f"more than {most} conditions inside one another (down to “{deepest.label}”)")
    if not found:
        return None
    where = [deepest.index] if deepest is not None else graph.entries[:1]
    message = f"The workflow has {' and '.join(found)}."
    return Hit([graph.steps[index] for index in where], message, anchored=False)


def _steps(graph: Graph) -> int:
    """The most steps on one sheet; HighLevel keeps triggers beside the steps."""
    no_steps = _NO_STEPS | {Kind.TRIGGER} if graph.platform == HIGHLEVEL else _NO_STEPS
    steps = [step for step in graph.steps if step.spec.kind not in no_steps]
    return max(Counter(_sheet(step, graph) for step in steps).values(), default=0)


def _paths(forks: list[Step], graph: Graph) -> int:
    """Cyclomatic complexity: every way beyond the first adds a path."""
    more: Counter[str] = Counter()
    for step in forks:
        more[_sheet(step, graph)] += _ways(step, graph) - 1
    return 1 + max(more.values(), default=0)


def _sheet(step: Step, graph: Graph) -> str:
    """What a person has before them at once: of Node-RED, whose file holds all tabs, one tab."""
    return str(step.raw.get("z")) if graph.platform == NODE_RED else ""


def _ways(step: Step, graph: Graph) -> int:
    """How many ways a run can go on from here; a condition's unconnected outputs are ways too."""
    wired = len(graph.out[step.index])
    return max(wired, step.outputs or 0) if step.spec.kind is Kind.BRANCH else wired


def _decides(step: Step) -> bool:
    """Whether this step chooses among its ways; one that merely leads to several does not."""
    return step.spec.kind is Kind.BRANCH or Trait.MULTIPATH in step.spec.traits


def _nested_deeper(graph: Graph, forks: list[Step], most: float) -> Step | None:
    """A branching step inside more than ``most - 1`` others, if there is one.

    A step lies inside a branch when one output alone leads to it: where branches join, the
    nesting ends. A branch's output opens a frame; steps that are reached from several frames
    belong to the innermost one that holds them all. Jumps (gotos, ways back) nest nothing.
    """
    branching = {step.index for step in forks if _decides(step)}
    if len(branching) <= most or most > _DEEPEST:
        return None
    outer: list[int] = []  # per frame the frame around it
    level: list[int] = []
    opened: dict[tuple[int, int], int] = {}
    frame_of: dict[int, int] = {}
    for index, arrivals in _downhill(graph):
        frame: int | None = None
        for edge in arrivals:
            into = frame_of[edge.source]
            if edge.source in branching:
                key = (edge.source, edge.port)
                if key not in opened:
                    opened[key] = len(outer)
                    outer.append(into)
                    level.append(level[into] + 1 if into != _OUTER else 1)
                into = opened[key]
            frame = into if frame is None else _shared(frame, into, outer, level)
        frame_of[index] = here = _OUTER if frame is None else frame
        depth = level[here] if here != _OUTER else 0
        if depth + 1 > most and index in branching:
            return graph.steps[index]
    return None


def _shared(one: int, other: int, outer: list[int], level: list[int]) -> int:
    """The innermost frame around both."""
    while one != other:
        if other == _OUTER or (one != _OUTER and level[one] >= level[other]):
            one = outer[one]
        else:
            other = outer[other]
    return one


def _downhill(graph: Graph) -> Iterator[tuple[int, list[Edge]]]:
    """Every step after all that lead to it, ways back aside, with the edges it is entered by."""
    order: list[int] = []
    seen = bytearray(len(graph.steps))
    for root in [*graph.entries, *range(len(graph.steps))]:
        if seen[root]:
            continue
        seen[root] = 1
        work = [(root, iter(graph.out[root]))]
        while work:
            index, edges = work[-1]
            for edge in edges:
                if edge.kind is not EdgeKind.GOTO and not seen[edge.target]:
                    seen[edge.target] = 1
                    work.append((edge.target, iter(graph.out[edge.target])))
                    break
            else:
                work.pop()
                order.append(index)
    order.reverse()
    place = {index: n for n, index in enumerate(order)}
    for index in order:
        into = [edge for edge in graph.into[index] if edge.kind is not EdgeKind.GOTO]
        yield index, [edge for edge in into if place[edge.source] < place[index]]
