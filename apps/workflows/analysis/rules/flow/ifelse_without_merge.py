"""Modules after an if-else without a merge.

## Why it matters
The branches of an if-else join again only in a merge. What stands after the if-else without one is
not run for bundles that went down a branch, although it looks as if it were.

## How to fix
Put a Merge module directly after the if-else, or move what follows into the branches that need it.

## Bad
    {"name": "Orders", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 11}},
      {"id": 2, "module": "builtin:BasicIfElse", "version": 1, "branches": [
        {"type": "condition", "label": "Paid", "merge": true,
         "conditions": [[{"a": "{{1.status}}", "o": "text:equal", "b": "paid"}]],
         "flow": [{"id": 3, "module": "slack:CreateMessage", "version": 4}]},
        {"type": "else", "label": "Else", "merge": true, "flow": []}]},
      {"id": 5, "module": "google-sheets:addRow", "version": 2}],
     "metadata": {"instant": true}}

## Good
    {"name": "Orders", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 11}},
      {"id": 2, "module": "builtin:BasicIfElse", "version": 1, "branches": [
        {"type": "condition", "label": "Paid", "merge": true,
         "conditions": [[{"a": "{{1.status}}", "o": "text:equal", "b": "paid"}]],
         "flow": [{"id": 3, "module": "slack:CreateMessage", "version": 4}]},
        {"type": "else", "label": "Else", "merge": true, "flow": []}]},
      {"id": 4, "module": "builtin:BasicMerge", "version": 1},
      {"id": 5, "module": "google-sheets:addRow", "version": 2}],
     "metadata": {"instant": true}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import MAKE, EdgeKind, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=[MAKE],
)

_IF_ELSE, _MERGE = "builtin:BasicIfElse", "builtin:BasicMerge"


@rule.step(Kind.BRANCH)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.type != _IF_ELSE:
        return None
    for edge in graph.out[step.index]:
        following = graph.steps[edge.target]
        if edge.kind is EdgeKind.NEXT and following.enabled and following.type != _MERGE:
            return Hit(
                [step, following],
                f"“{following.label}” stands after the if-else “{step.label}” without a merge "
                "between them: bundles that go down a branch do not get there.",
            )
    return None
