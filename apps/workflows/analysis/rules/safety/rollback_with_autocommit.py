"""A rollback that has nothing left to undo.

## Why it matters
With auto-commit on, every module's change is made final at once. When the rollback handler runs,
the records written before it stay, half of the work done.

## How to fix
Switch “Auto commit” off in the scenario's settings; then the changes are made final together at
the end, and a rollback undoes them.

## Bad
    {"name": "Book order", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "datastore:AddRecord", "version": 1, "parameters": {"datastore": 3},
       "mapper": {"key": "{{1.id}}"}},
      {"id": 3, "module": "datastore:UpdateRecord", "version": 1, "parameters": {"datastore": 4},
       "mapper": {"key": "{{1.customer}}"},
       "onerror": [{"id": 4, "module": "builtin:Rollback", "version": 1, "mapper": null}]}],
     "metadata": {"instant": true, "version": 1,
      "scenario": {"sequential": true, "autoCommit": true, "dataloss": false, "dlq": true}}}

## Good
    {"name": "Book order", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "datastore:AddRecord", "version": 1, "parameters": {"datastore": 3},
       "mapper": {"key": "{{1.id}}"}},
      {"id": 3, "module": "datastore:UpdateRecord", "version": 1, "parameters": {"datastore": 4},
       "mapper": {"key": "{{1.customer}}"},
       "onerror": [{"id": 4, "module": "builtin:Rollback", "version": 1, "mapper": null}]}],
     "metadata": {"instant": true, "version": 1,
      "scenario": {"sequential": true, "autoCommit": false, "dataloss": false, "dlq": true}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, Graph, Kind
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=[MAKE],
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    if graph.settings.raw.get("autoCommit") is not True:
        return None
    rollbacks = [step for step in graph.of_kind(Kind.ERROR) if step.type == "builtin:Rollback"]
    if not rollbacks:
        return None
    guarded = [graph.steps[edge.source].label for edge in graph.into[rollbacks[0].index]]
    when = f" when “{guarded[0]}” fails" if guarded else ""
    return Hit(
        rollbacks,
        f"The scenario promises to undo its changes{when}, but auto-commit is on: what has been "
        "written by then stays.",
        anchored=False,
    )
