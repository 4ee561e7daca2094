"""A step without the credentials it needs.

## Why it matters
The step cannot sign in to the other system, so every run stops here and nothing behind it happens.

## How to fix
Open the step and choose an account under “Credential” (n8n) or “Connection” (Make).

## Bad
    {"name": "New lead", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Tell sales", "type": "n8n-nodes-base.slack", "typeVersion": 2.3,
       "position": [200, 0], "parameters": {"select": "channel", "text": "A new lead came in"}}],
     "connections": {"Start": {"main": [[{"node": "Tell sales", "type": "main", "index": 0}]]}}}

## Good
    {"name": "New lead", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Tell sales", "type": "n8n-nodes-base.slack", "typeVersion": 2.3,
       "position": [200, 0], "parameters": {"select": "channel", "text": "A new lead came in"},
       "credentials": {"slackApi": {"id": "7", "name": "Sales team"}}}],
     "connections": {"Start": {"main": [[{"node": "Tell sales", "type": "main", "index": 0}]]}}}
"""

from typing import Any

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, N8N, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=[N8N, MAKE],
)

_SHOWN = 5


@rule.graph
def check(graph: Graph) -> Hit | None:
    """One finding that lists the steps: mostly the file was shared without its credentials."""
    has = _has_connection if graph.platform == MAKE else _has_credential
    missing: dict[str, None] = {}
    lacking: list[Step] = []
    for step in graph.steps:
        if step.credentials_needed and step.enabled and step.spec.kind is not Kind.NOTE:
            names_missing = [name for name in step.credentials_needed if not has(step, name)]
            missing.update(dict.fromkeys(names_missing))
            if names_missing:
                lacking.append(step)
    return _hit(lacking, sorted(missing), graph) if lacking else None


def _hit(steps: list[Step], missing: list[str], graph: Graph) -> Hit:
    """A credential that is newly missing makes it a new finding."""
    need, have = ("needs", "has") if len(steps) == 1 else ("need", "have")
    kinds = "" if graph.platform == MAKE else f" ({', '.join(missing[:_SHOWN])})"
    return Hit(
        steps,
        f"{names(steps)} {need} a credential{kinds} to sign in and {have} none: the run fails "
        "there.",
        param=",".join(missing),
        anchored=False,
    )


def _has_credential(step: Step, name: str) -> bool:
    """Whether the node names a credential of this type; old files give its name alone."""
    credentials = step.raw.get("credentials")
    chosen: Any = credentials.get(name) if isinstance(credentials, dict) else None
    if isinstance(chosen, dict):
        return any(chosen.get(key) not in (None, "") for key in ("id", "name"))
    return bool(chosen)


def _has_connection(step: Step, name: str) -> bool:
    return step.params.get("connection") not in (None, "", 0)
