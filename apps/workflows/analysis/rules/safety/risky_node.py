"""A step that reaches into the machine the workflow runs on.

## Why it matters
Commands, shells and files on disk give whoever can change this workflow, or what it is fed with,
the rights of the server itself.

## How to fix
Check that no text from outside gets into the command or the path, and use a step that calls a
service instead where there is one.

## Bad
    {"name": "Backup", "active": false, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Pack", "type": "n8n-nodes-base.executeCommand", "typeVersion": 1,
       "position": [200, 0], "parameters": {"command": "tar czf /backup/site.tgz /srv/site"}}],
     "connections": {"Hourly": {"main": [[{"node": "Pack", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Backup", "active": false, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Pack", "type": "n8n-nodes-base.compression", "typeVersion": 1.1,
       "position": [200, 0], "parameters": {"operation": "compress"}}],
     "connections": {"Hourly": {"main": [[{"node": "Pack", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, NODE_RED, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.INFO,
    confidence=Confidence.CERTAIN,
    platforms=[N8N, NODE_RED],
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    steps = [step for step in graph.steps if Trait.RISKY in step.spec.traits and _runs(step)]
    if not steps:
        return None
    verbs = ("runs a command or touches", "run commands or touch")[len(steps) > 1]
    return Hit(
        steps,
        f"{names(steps)} {verbs} files on the machine the workflow runs on.",
        anchored=False,
    )


def _runs(step: Step) -> bool:
    return step.enabled and step.spec.kind is not Kind.NOTE
