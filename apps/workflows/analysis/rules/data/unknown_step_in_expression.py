"""An expression reads a step that is not there.

## Why it matters
The run stops with an error, or goes on with an empty value, as soon as it comes to this step:
mostly the other step was renamed or deleted and the expression still has its old name.

## How to fix
Open the parameter and pick the value again from a step that is there, or give the other step its
old name back.

## Bad
    {"name": "Invoice", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Find order", "type": "n8n-nodes-base.noOp", "typeVersion": 1,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Subject", "type": "n8n-nodes-base.html", "typeVersion": 1.2,
       "position": [400, 0], "parameters": {"html": "=No. {{ $('Get order').item.json.no }}"}}],
     "connections": {
      "Start": {"main": [[{"node": "Find order", "type": "main", "index": 0}]]},
      "Find order": {"main": [[{"node": "Subject", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Invoice", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Find order", "type": "n8n-nodes-base.noOp", "typeVersion": 1,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Subject", "type": "n8n-nodes-base.html", "typeVersion": 1.2,
       "position": [400, 0], "parameters": {"html": "=No. {{ $('Find order').item.json.no }}"}}],
     "connections": {
      "Start": {"main": [[{"node": "Find order", "type": "main", "index": 0}]]},
      "Find order": {"main": [[{"node": "Subject", "type": "main", "index": 0}]]}}}

## Bad (make)
    {"name": "New order", "metadata": {"instant": false, "version": 1}, "flow": [
      {"id": 1, "module": "google-sheets:watchRows", "version": 2, "parameters": {}, "mapper": {}},
      {"id": 3, "module": "slack:CreateMessage", "version": 4, "parameters": {},
       "mapper": {"text": "New order from {{2.customer}}"}}]}

## Good (make)
    {"name": "New order", "metadata": {"instant": false, "version": 1}, "flow": [
      {"id": 1, "module": "google-sheets:watchRows", "version": 2, "parameters": {}, "mapper": {}},
      {"id": 3, "module": "slack:CreateMessage", "version": 4, "parameters": {},
       "mapper": {"text": "New order from {{1.customer}}"}}]}
"""

from itertools import islice

from apps.workflows.analysis.facts.expressions import references
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, N8N, Graph, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[N8N, MAKE],
)

#: So many missing names of one step are told apart.
_MOST = 100


@rule.graph
def check(graph: Graph) -> list[Hit]:
    found = references(graph)
    if not found:
        return []
    known = _names(graph)
    readers: dict[str, dict[int, Step]] = {}
    for index, refs in found.items():
        unknown = dict.fromkeys(ref.name for ref in refs if ref.name not in known)
        for name in islice(unknown, _MOST):
            readers.setdefault(name, {})[index] = graph.steps[index]
    alike = {_plain(name): name for name in sorted(known)} if readers else {}
    return [
        _hit(name, list(steps.values()), alike.get(_plain(name), ""), graph.platform)
        for name, steps in readers.items()
    ]


def _names(graph: Graph) -> set[str]:
    """What a step can be read by: its name, in Make the number of its module."""
    if graph.platform == MAKE:
        return {str(step.raw.get("id")) for step in graph.steps} | {s.id for s in graph.steps}
    return {step.name for step in graph.steps}


def _plain(name: str) -> str:
    return " ".join(name.lower().split())


def _hit(name: str, readers: list[Step], alike: str, platform: str) -> Hit:
    """One missing name is one fault, however many steps read it."""
    read = "reads" if len(readers) == 1 else "read"
    what = f"module {name}" if platform == MAKE else f"“{name}”"
    remedy = ""
    if alike:
        remedy = f"Write “{alike}”: the name has to match letter for letter."
    return Hit(
        readers,
        f"{names(readers)} {read} {what}, but no step of that name is in this workflow: the run "
        "fails here or goes on with an empty value.",
        remedy=remedy,
        param=name,
        anchored=False,
    )
