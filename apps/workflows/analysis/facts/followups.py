"""Facts about series of messages: whether waits space them, and whether a reply is noticed."""

from __future__ import annotations

from apps.workflows.analysis.facts.reach import reached_from
from apps.workflows.analysis.graph import Graph, Kind, Step, Trait

_REPLY_WAITS = frozenset({"reply", "user_reply"})


def messages(graph: Graph) -> list[Step]:
    """The messages to the contact, calls included, that a run can come to."""
    return [step for step in graph.of_kind(Kind.MESSAGE) if graph.is_reachable(step)]


def handles_replies(graph: Graph) -> bool:
    """Whether the workflow itself notices an answer."""
    for step in graph.steps:
        if not step.enabled:
            continue
        if step.type == "customer_reply" or Trait.WAITS_FOR_REPLY in step.spec.traits:
            return True
        if step.wait is not None and step.wait.type in _REPLY_WAITS:
            return True
        if step.spec.kind in (Kind.GOAL, Kind.BRANCH) and "repl" in step.lower_text:
            return True
    return False


def has_wait_between(graph: Graph) -> bool:
    """Whether some message is sent after another one and a wait."""
    sent = messages(graph)
    reached = reached_from(graph, (step.index for step in sent))
    waits = [
        step.index
        for step in graph.of_kind(Kind.WAIT)
        if step.wait is not None and step.wait.holds and step.index in reached
    ]
    late = reached_from(graph, waits)
    return any(step.index in late for step in sent)
