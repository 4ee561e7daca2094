"""A call over http:// instead of https://.

## Why it matters
Everything in the call, the contact's data and any key included, travels in the clear and can be
read or changed on the way.

## How to fix
Change the address to https://. If the other side has no TLS, put a proxy in front of it that has.

## Bad
    {"name": "Send order", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Send order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "http://orders.acme-tools.com/v1/orders"}}],
     "connections": {"Start": {"main": [[{"node": "Send order", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Send order", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Send order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://orders.acme-tools.com/v1/orders"}}],
     "connections": {"Start": {"main": [[{"node": "Send order", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.facts.urls import Url, called
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import PLATFORMS, Graph, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    """One finding per host: whoever moves it to https:// does so for all steps that call it."""
    calls: dict[str, tuple[Url, dict[int, Step]]] = {}
    for step, url in called(graph):
        if url.scheme == "http" and url.is_public:
            _, steps = calls.setdefault(url.host, (url, {}))
            steps[step.index] = step
    return [_hit(url, list(steps.values())) for url, steps in calls.values()]


def _hit(url: Url, steps: list[Step]) -> Hit:
    where = url.shown if len(steps) == 1 else f"http://{url.host[:100]}"
    call = "calls" if len(steps) == 1 else "call"
    return Hit(steps, f"{names(steps)} {call} {where} without encryption.", param=url.host)
