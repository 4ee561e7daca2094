"""A branch in which nothing happens.

## Why it matters
Whoever takes this branch drops out of the workflow without a message, a task or a note, while the
branches beside it go on. Often it is one that was meant to be filled later.

## How to fix
Put the missing steps into the branch, or delete it if nothing is meant to happen there.

## Bad
    {"name": "Sort leads", "status": "published", "workflowData": {"templates": [
      {"id": "sort", "type": "if_else", "name": "Which service?", "order": 0,
       "nodeType": "condition-node", "next": ["roof", "solar", "none"],
       "attributes": {"if": true, "noneBranchName": "None", "branches": [
         {"id": "roof", "name": "Roof", "operator": "and", "segments": [
           {"operator": "and", "conditions": [
             {"conditionType": "contact_detail", "conditionSubType": "service",
              "conditionOperator": "==", "conditionValue": "Roof"}]}]},
         {"id": "solar", "name": "Solar", "operator": "and", "segments": [
           {"operator": "and", "conditions": [
             {"conditionType": "contact_detail", "conditionSubType": "service",
              "conditionOperator": "==", "conditionValue": "Solar"}]}]}]}},
      {"id": "roof", "type": "if_else", "name": "Roof", "order": 1, "nodeType": "branch-yes",
       "parent": "sort", "parentKey": "sort", "next": "mail", "attributes": {"if": false}},
      {"id": "solar", "type": "if_else", "name": "Solar", "order": 2, "nodeType": "branch-yes",
       "parent": "sort", "parentKey": "sort", "attributes": {"if": false}},
      {"id": "none", "type": "if_else", "name": "None", "order": 3, "nodeType": "branch-no",
       "parent": "sort", "parentKey": "sort", "next": "task", "attributes": {"else": true}},
      {"id": "mail", "type": "email", "name": "Roof offer", "order": 4,
       "attributes": {"subject": "Your roof", "html": "<p>Thank you for your request.</p>"}},
      {"id": "task", "type": "task-notification", "name": "Ask which service", "order": 5,
       "attributes": {"title": "Ask which service", "assignedTo": "u1"}}]}}

## Good
    {"name": "Sort leads", "status": "published", "workflowData": {"templates": [
      {"id": "sort", "type": "if_else", "name": "Which service?", "order": 0,
       "nodeType": "condition-node", "next": ["roof", "solar", "none"],
       "attributes": {"if": true, "noneBranchName": "None", "branches": [
         {"id": "roof", "name": "Roof", "operator": "and", "segments": [
           {"operator": "and", "conditions": [
             {"conditionType": "contact_detail", "conditionSubType": "service",
              "conditionOperator": "==", "conditionValue": "Roof"}]}]},
         {"id": "solar", "name": "Solar", "operator": "and", "segments": [
           {"operator": "and", "conditions": [
             {"conditionType": "contact_detail", "conditionSubType": "service",
              "conditionOperator": "==", "conditionValue": "Solar"}]}]}]}},
      {"id": "roof", "type": "if_else", "name": "Roof", "order": 1, "nodeType": "branch-yes",
       "parent": "sort", "parentKey": "sort", "next": "mail", "attributes": {"if": false}},
      {"id": "solar", "type": "if_else", "name": "Solar", "order": 2, "nodeType": "branch-yes",
       "parent": "sort", "parentKey": "sort", "next": "sun", "attributes": {"if": false}},
      {"id": "none", "type": "if_else", "name": "None", "order": 3, "nodeType": "branch-no",
       "parent": "sort", "parentKey": "sort", "next": "task", "attributes": {"else": true}},
      {"id": "mail", "type": "email", "name": "Roof offer", "order": 4,
       "attributes": {"subject": "Your roof", "html": "<p>Thank you for your request.</p>"}},
      {"id": "sun", "type": "email", "name": "Solar offer", "order": 5,
       "attributes": {"subject": "Your solar", "html": "<p>Thank you for your request.</p>"}},
      {"id": "task", "type": "task-notification", "name": "Ask which service", "order": 6,
       "attributes": {"title": "Ask which service", "assignedTo": "u1"}}]}}

## Bad (make)
    {"name": "Sort orders", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "builtin:BasicRouter", "version": 1, "mapper": null, "routes": [
        {"flow": [{"id": 3, "module": "slack:CreateMessage", "version": 4, "parameters": {},
          "filter": {"name": "Large", "conditions": [[{"a": "{{1.total}}", "b": "500",
            "o": "number:greater"}]]}, "mapper": {"text": "A large order"}}]},
        {"flow": []}]}],
     "metadata": {"instant": true, "version": 1, "scenario": {"sequential": true}}}

## Good (make)
    {"name": "Sort orders", "flow": [
      {"id": 1, "module": "gateway:CustomWebHook", "version": 1, "parameters": {"hook": 7},
       "mapper": {}},
      {"id": 2, "module": "builtin:BasicRouter", "version": 1, "mapper": null, "routes": [
        {"flow": [{"id": 3, "module": "slack:CreateMessage", "version": 4, "parameters": {},
          "filter": {"name": "Large", "conditions": [[{"a": "{{1.total}}", "b": "500",
            "o": "number:greater"}]]}, "mapper": {"text": "A large order"}}]}]}],
     "metadata": {"instant": true, "version": 1, "scenario": {"sequential": true}}}
"""

from collections.abc import Iterator
from dataclasses import dataclass

from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, MAKE, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL, MAKE],
)


@dataclass(frozen=True, slots=True)
class _Branch:
    """One way out. ``is_none`` is the one for whoever fits no other; ``marker`` begins it."""

    name: str
    is_empty: bool
    is_none: bool = False
    marker: Step | None = None


@rule.step(Kind.BRANCH, Kind.AI)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.spec.kind is Kind.AI and not _sorts(step):
        return None
    found = list(_make(step, graph) if graph.platform == MAKE else _highlevel(step, graph))
    named = [branch for branch in found if not branch.is_none]
    # With one named branch the step is a filter: the others are meant to stop.
    if len(named) < 2 or all(branch.is_empty for branch in found):
        return None
    empty = [branch for branch in named if branch.is_empty]
    severity = None
    if not empty:
        empty = [branch for branch in found if branch.is_none and branch.is_empty]
        severity = Severity.LOW
    return _hit(step, empty, severity) if empty else None


def _sorts(step: Step) -> bool:
    """An AI that chooses a branch; one that talks branches by how the talk went."""
    return Trait.MULTIPATH in step.spec.traits and Trait.SENDS not in step.spec.traits


def _hit(step: Step, empty: list[_Branch], severity: Severity | None) -> Hit:
    shown = [f"“{branch.name}”" for branch in empty[:5]]
    those = shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]
    branches = "The branch" if len(empty) == 1 else "The branches"
    verb = "has no step" if len(empty) == 1 else "have no step"
    markers = [branch.marker for branch in empty if branch.marker is not None]
    return Hit(
        [step, *markers],
        f"{branches} {those} of “{step.label}” {verb}: who goes there drops out without a trace, "
        "while the branches beside it go on.",
        severity=severity,
    )


# -- HighLevel ---------------------------------------------------------------------------------


def _highlevel(step: Step, graph: Graph) -> Iterator[_Branch]:
    by_port = {edge.port: graph.steps[edge.target] for edge in graph.out[step.index]}
    broken = {lost.source for lost in graph.dangling}
    names, defaults = _named_branches(step)
    following = step.raw.get("next")
    listed = following if isinstance(following, list) else list(names)
    targets = [target for target in listed if isinstance(target, str) and target]
    for port, target in enumerate(targets):
        first = by_port.get(port)
        marker = first if first is not None and first.spec.kind is Kind.MARKER else None
        if first is None and step.index in broken:
            continue
        is_none = target in defaults or (target not in names and _is_else(step, marker))
        empty = first is None
        if marker is not None:
            empty = not graph.out[marker.index] and marker.index not in broken
        label = marker.label if marker is not None else names.get(target, "")
        yield _Branch(label or "None", empty, is_none, marker)


def _named_branches(step: Step) -> tuple[dict[str, str], set[str]]:
    """The branches' names by id, and the ids of those for whoever fits no other."""
    names: dict[str, str] = {}
    defaults = set()
    for key in ("branches", "transitions", "paths"):
        for entry in mappings(step.params.get(key)):
            branch = text(entry.get("id"))
            names.setdefault(branch, text(entry.get("name")))
            if entry.get("conditionType") == "pre-defined":
                defaults.add(branch)
    return names, defaults


def _is_else(step: Step, marker: Step | None) -> bool:
    if marker is None:
        return step.type == "if_else"
    return marker.params.get("else") is True or marker.raw.get("nodeType") == "branch-no"


# -- Make --------------------------------------------------------------------------------------


def _make(step: Step, graph: Graph) -> Iterator[_Branch]:
    wired = {edge.port for edge in graph.out[step.index]}
    routes, branches = _objects(step.raw.get("routes")), _objects(step.raw.get("branches"))
    fallback = text(mapping(step.raw.get("parameters")).get("else"))
    for port, entry in enumerate([*routes, *branches]):
        if entry.get("disabled") is True:
            continue
        is_else = entry.get("type") == "else" or entry.get("else") is True
        name = text(entry.get("label")) or f"route {port + 1}"
        yield _Branch(name, port not in wired, is_else or str(port) == fallback)


def _objects(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
