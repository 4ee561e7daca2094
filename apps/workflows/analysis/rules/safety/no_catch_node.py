"""Calls whose errors nothing catches.

## Why it matters
When the other side is down, the message ends at the node that failed. Nobody is told, and
whatever should have come afterwards does not happen.

## How to fix
Put a “catch” node on the tab, for all nodes or for the ones named here, and lead it to something
that tells you.

## Bad
    [{"id": "t", "type": "tab", "label": "Stock", "disabled": false},
     {"id": "i", "type": "inject", "z": "t", "name": "Every hour", "repeat": "3600",
      "x": 100, "y": 100, "wires": [["h"]]},
     {"id": "h", "type": "http request", "z": "t", "name": "Read stock", "method": "GET",
      "url": "https://shop.acme-tools.com/stock", "x": 300, "y": 100, "wires": [["d"]]},
     {"id": "d", "type": "debug", "z": "t", "name": "Show", "x": 500, "y": 100, "wires": []}]

## Good
    [{"id": "t", "type": "tab", "label": "Stock", "disabled": false},
     {"id": "c", "type": "catch", "z": "t", "name": "Anything wrong", "scope": null, "x": 100,
      "y": 200, "wires": [["d"]]},
     {"id": "i", "type": "inject", "z": "t", "name": "Every hour", "repeat": "3600",
      "x": 100, "y": 100, "wires": [["h"]]},
     {"id": "h", "type": "http request", "z": "t", "name": "Read stock", "method": "GET",
      "url": "https://shop.acme-tools.com/stock", "x": 300, "y": 100, "wires": [["d"]]},
     {"id": "d", "type": "debug", "z": "t", "name": "Show", "x": 500, "y": 100, "wires": []}]
"""

from apps.workflows.analysis.facts.values import text
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import NODE_RED, OFF_FLOW, Graph, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=[NODE_RED],
)

_CANVASES = frozenset({"tab", "subflow"})


@rule.graph
def check(graph: Graph) -> list[Hit] | NotChecked:
    uncaught: dict[str, list[Step]] = {}
    for step in graph.steps:
        if _calls(step) and not step.on_error and graph.is_reachable(step):
            uncaught.setdefault(text(step.raw.get("z")), []).append(step)
    if not uncaught:
        return []
    canvases = {step.id: step.name for step in graph.steps if step.type in _CANVASES}
    hits = [
        _hit(steps, canvas, canvases[canvas])
        for canvas, steps in uncaught.items()
        if canvas in canvases
    ]
    # Of a piece copied from a tab we do not see what else stands there.
    return hits or NotChecked("the tab itself is not in the file")


def _calls(step: Step) -> bool:
    kind = step.spec.kind
    return step.enabled and Trait.CALLS in step.spec.traits and kind not in OFF_FLOW


def _hit(steps: list[Step], canvas: str, name: str) -> Hit:
    where = f" on the tab “{name}”" if name else ""
    return Hit(
        steps,
        f"When {names(steps)}{where} cannot reach the other side, the message ends there and no "
        "catch node hears of it.",
        param=canvas,
        anchored=False,
    )
