"""Whether a loop around a call ends only when the call succeeds.

The way out has to be one output of one step: the call's own normal output (with its error output
leading back), or the branch that reads what the call answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.graph import HIGHLEVEL, EdgeKind, Graph, Kind, Step, Trait

#: What counts turns or looks at the clock, in conditions, code and set fields.
_BOUNDED = re.compile(
    r"(?i:attempt|retries|\btries\b|retry_?count|run_?index|iteration|counter|\btimes\b|timeout"
    r"|deadline|elapsed|increas|increment|\bturns?\b|\brounds?\b|max_?(?:polls|tries|loops|runs)"
    r"|\bpolls?\b|poll_?(?:index|count)|\$now|\$today|datetime|date\.now|new date"
    r"|getworkflowstaticdata)"
    r"|(?<![a-zA-Z])[cC]ount(?![a-z])|Count(?![a-z])|\+\+|\+\s*1\b|\+=\s*1\b"
)
#: What moves a loop on from page to page: it ends with the last one.
_PAGED = re.compile(
    r"cursor|offset|has_?more|has_?next|next_?(?:page|link|token|url)|page_?(?:token|number|no\b)"
    r"|\bpages?\b|pagination|start_?(?:at|index)|last_?id",
    re.IGNORECASE,
)
#: What a contact or another workflow decides, not the call.
_OTHERS_DECIDE = frozenset(
    {"opportunity", "opportunities", "appointment", "workflow_contact", "contact_reply", "invoice"}
)
_STANDARD_FIELDS = frozenset(
    {"tags", "dnd", "email", "phone", "type", "source", "assignedTo", "assigned_to", "timezone"}
    | {"first_name", "last_name", "company_name", "date_of_birth", "engagement_score"}
    | {"country", "city", "state", "postal_code", "address1"}
)
_CLOCK = re.compile(
    r"\b(?:date|time|day|week|month|year|hour)s?(?![a-z])|date_|_date", re.IGNORECASE
)


def only_way_out(loop: Sequence[Step], graph: Graph) -> Step | None:
    """The step by which alone the loop is left, if that means that the call has succeeded."""
    running = [step for step in loop if step.enabled]
    if any(_is_paced_by_others(step) for step in running):
        return None
    exits = _exits(loop, graph)
    if len(exits) != 1 or _is_bounded(running):
        return None
    step, port = exits[0]
    if Trait.CALLS in step.spec.traits and step.spec.kind is not Kind.BRANCH:
        return step if _succeeds(step, port, loop, graph) else None
    inside = {each.index for each in loop}
    if not step.enabled or _leaves_when_no_longer_waiting(step, port):
        return None
    if graph.platform == HIGHLEVEL:
        return step if _reads_answer(step, running) else None
    return step if _follows_a_call(step, inside, graph) else None


def _is_paced_by_others(step: Step) -> bool:
    """A person or another system ends this wait, or gets a message with every turn."""
    if Trait.WAITS_FOR_REPLY in step.spec.traits or Trait.SENDS in step.spec.traits:
        return True
    return step.wait is not None and step.wait.type not in ("time", "date", "drip")


def _is_bounded(running: Sequence[Step]) -> bool:
    for step in running:
        if step.type == "math_operation" or step.spec.kind in (Kind.UNKNOWN, Kind.GOAL):
            return True
        shown = step.text
        if Trait.CALLS not in step.spec.traits and step.wait is None and _BOUNDED.search(shown):
            return True
        if _PAGED.search(shown) or _PAGED.search(step.name):
            return True
    return False


def _exits(loop: Sequence[Step], graph: Graph) -> list[tuple[Step, int]]:
    """The outputs by which a run leaves the loop or ends, each with its step."""
    inside = {step.index for step in loop}
    found = set()
    for step in loop:
        wired = set()
        for edge in graph.out[step.index]:
            port = -1 if edge.kind is EdgeKind.ERROR else edge.port
            wired.add(port)
            if edge.target not in inside:
                found.add((step.index, port))
        if step.spec.kind is Kind.BRANCH and step.outputs:
            found |= {(step.index, n) for n in range(min(step.outputs, 1000)) if n not in wired}
        found |= {(step.index, -2) for lost in graph.dangling if lost.source == step.index}
    return [(graph.steps[index], port) for index, port in sorted(found)]


def _succeeds(step: Step, port: int, loop: Sequence[Step], graph: Graph) -> bool:
    """Whether the call's own error output leads back and its normal output leads out."""
    inside = {each.index for each in loop}
    back = [edge for edge in graph.out[step.index] if edge.target in inside]
    return port >= 0 and bool(back) and all(edge.kind is EdgeKind.ERROR for edge in back)


def _follows_a_call(step: Step, inside: set[int], graph: Graph) -> bool:
    """Whether whatever the branch looks at comes, within the loop, from a call's answer."""
    seen = {step.index}
    stack = [step.index]
    found = False
    while stack:
        for edge in graph.into[stack.pop()]:
            if edge.source in seen or edge.source not in inside:
                continue
            seen.add(edge.source)
            if Trait.CALLS in graph.steps[edge.source].spec.traits:
                found = True
            else:
                stack.append(edge.source)
    return found


def _leaves_when_no_longer_waiting(step: Step, port: int) -> bool:
    """“While the status is pending, go round” also leaves when the job has failed."""
    conditions = mappings(mapping(step.params.get("conditions")).get("conditions"))
    if port != 1 or len(conditions) != 1:
        return False
    how = mapping(conditions[0].get("operator"))
    return how.get("type") == "string" and how.get("operation") == "equals"


def _reads_answer(step: Step, running: Sequence[Step]) -> bool:
    """HighLevel: whether every condition of the branch is about a call's answer.

    That may have been kept in a field of the contact; then nothing else may write there.
    """
    conditions = [
        condition
        for branch in mappings(step.params.get("branches"))
        for segment in mappings(branch.get("segments"))
        for condition in mappings(segment.get("conditions"))
    ]
    answering = {each.type for each in running if Trait.CALLS in each.spec.traits}
    return bool(conditions) and all(_is_answer(each, answering) for each in conditions)


def _is_answer(condition: Mapping[str, Any], answering: set[str]) -> bool:
    kind, about = text(condition.get("conditionType")), text(condition.get("conditionSubType"))
    if kind in answering:
        return True
    if kind in _OTHERS_DECIDE or about in _STANDARD_FIELDS:
        return False
    return not _CLOCK.search(kind) and not _CLOCK.search(about)
