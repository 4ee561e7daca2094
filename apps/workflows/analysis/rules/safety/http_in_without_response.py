"""A web address that takes requests and never answers.

## Why it matters
Whoever calls it, a form, a shop or a partner's system, waits until its time is up and takes the
call as failed; many then send the same again.

## How to fix
Lead every path behind the “http in” node to an “http response” node.

## Bad
    [{"id": "t", "type": "tab", "label": "Orders", "disabled": false},
     {"id": "c", "type": "catch", "z": "t", "scope": null, "x": 100, "y": 200, "wires": [["d"]]},
     {"id": "i", "type": "http in", "z": "t", "name": "New order", "url": "/orders",
      "method": "post", "x": 100, "y": 100, "wires": [["f"]]},
     {"id": "f", "type": "change", "z": "t", "name": "Shorten", "rules": [], "x": 300, "y": 100,
      "wires": [["d"]]},
     {"id": "d", "type": "debug", "z": "t", "name": "Show", "x": 500, "y": 100, "wires": []}]

## Good
    [{"id": "t", "type": "tab", "label": "Orders", "disabled": false},
     {"id": "c", "type": "catch", "z": "t", "scope": null, "x": 100, "y": 200, "wires": [["d"]]},
     {"id": "i", "type": "http in", "z": "t", "name": "New order", "url": "/orders",
      "method": "post", "x": 100, "y": 100, "wires": [["f"]]},
     {"id": "f", "type": "change", "z": "t", "name": "Shorten", "rules": [], "x": 300, "y": 100,
      "wires": [["d", "r"]]},
     {"id": "r", "type": "http response", "z": "t", "name": "Answer", "x": 500, "y": 200,
      "wires": []},
     {"id": "d", "type": "debug", "z": "t", "name": "Show", "x": 500, "y": 100, "wires": []}]
"""

from apps.workflows.analysis.facts.reach import leading_to
from apps.workflows.analysis.facts.values import text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import NODE_RED, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[NODE_RED],
)

#: The response object that travels with the message, for code that answers by itself.
_RESPONSE_OBJECT = "msg.res"


@rule.graph
def check(graph: Graph) -> list[Hit]:
    takers = [step for step in graph.of_kind(Kind.TRIGGER) if step.type == "http in"]
    if not takers:
        return []
    broken = {lost.source for lost in graph.dangling}
    answering = leading_to(
        graph,
        (step.index for step in graph.steps if _may_answer(step) or step.index in broken),
    )
    return [_hit(step) for step in takers if step.index not in answering]


def _may_answer(step: Step) -> bool:
    """An answer, code that writes one, or a node that may do so out of our sight."""
    if not step.enabled:
        return False
    if step.type == "http response":
        return True
    if step.spec.kind is Kind.CODE:
        return _RESPONSE_OBJECT in step.text
    return step.raw.get("linkType") == "dynamic" or step.spec.kind is Kind.UNKNOWN


def _hit(step: Step) -> Hit:
    method, url = text(step.params.get("method")).upper(), text(step.params.get("url"))
    called = " ".join(part for part in (method, url) if part)
    address = f" ({called[:80]})" if called and called != step.label else ""
    return Hit(
        [step],
        f"Requests to “{step.label}”{address} are never answered: no path leads to an “http "
        "response” node.",
    )
