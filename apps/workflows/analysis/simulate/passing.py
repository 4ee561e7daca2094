"""What happens when a contact passes one step: sent, held, parted, changed, or at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from apps.workflows.analysis.facts.moments import is_message
from apps.workflows.analysis.facts.values import text
from apps.workflows.analysis.graph import HIGHLEVEL, MAKE, Edge, EdgeKind, Graph, Kind, Step, Trait
from apps.workflows.analysis.simulate import goals
from apps.workflows.analysis.simulate.branching import choose, parts_ways, ways_out
from apps.workflows.analysis.simulate.changing import apply
from apps.workflows.analysis.simulate.clock import Time, opens
from apps.workflows.analysis.simulate.deciding import Judge
from apps.workflows.analysis.simulate.future import Future
from apps.workflows.analysis.simulate.reading import make_filter
from apps.workflows.analysis.simulate.waiting import Held

NEVER_OPENS = "its time window never opens"


class Through(NamedTuple):
    """``until`` is when the run goes on, along ``edges``; ``end`` ends it: (code, reason)."""

    at: Time
    outcome: str
    reason: str
    until: Time
    edges: Sequence[Edge] = ()
    branch: str = ""
    end: tuple[str, str] | None = None


def through(graph: Graph, step: Step, future: Future, judge: Judge, count: int) -> Through:
    """One step at ``judge.at``; ``count`` says how often it has been come to, now included."""
    at = judge.at
    if not step.enabled:
        return _on(graph, step, at, "skipped", "the step is switched off")
    wanted = make_filter(step) if graph.platform == MAKE else None
    if wanted is not None and judge.branch(wanted) is False:
        reason = f"the filter “{wanted.name or 'before it'}” does not let it through"
        return Through(at, "filtered", reason, at, (), "", ("completed", reason))
    if is_message(step):
        return _message(graph, step, future, judge)
    if step.kind is Kind.GOAL:
        return _goal(graph, step, future, at)
    if step.kind is not Kind.TRIGGER and _waits(step):
        return _wait(graph, step, future, at, "waited")
    if step.kind is Kind.LOOP:
        return _loop(graph, step, at, count)
    return _act(graph, step, future, judge)


def _waits(step: Step) -> bool:
    return step.wait is not None or Trait.WAITS_FOR_REPLY in step.spec.traits


def _act(graph: Graph, step: Step, future: Future, judge: Judge) -> Through:
    """A step that takes no time: it starts, parts ways, jumps, leaves or changes something."""
    at = judge.at
    if step.kind is Kind.TRIGGER:
        return _on(graph, step, at, "started", f"the run starts: {step.spec.label or step.type}")
    if step.kind is Kind.ENROL and _leaves(graph, step):
        reason = f"“{step.label}” takes the contact out of this workflow"
        return Through(at, "changed", reason, at, (), "", ("exited", reason))
    said = apply(step, future.contact, judge)
    if parts_ways(step):
        choice = choose(graph, step, judge)
        reason = "; ".join([*said, choice.reason])
        end = None if choice.edges else ("completed", f"the run ends here: {choice.reason}")
        return Through(at, "branched", reason, at, choice.edges, choice.name, end)
    if step.kind is Kind.GOTO:
        return _on(graph, step, at, "jumped", "goes on at another step")
    return _on(graph, step, at, "changed" if said else "done", "; ".join(said) or _plain(step))


def _plain(step: Step) -> str:
    return "taken to succeed" if Trait.CALLS in step.spec.traits else step.spec.label or "done"


def _on(graph: Graph, step: Step, at: Time, outcome: str, reason: str) -> Through:
    """Straight on along every way out."""
    return _leave(graph, step, at, at, outcome, reason, ways_out(graph, step))


def _leave(
    graph: Graph,
    step: Step,
    at: Time,
    until: Time,
    outcome: str,
    reason: str,
    edges: Sequence[Edge],
) -> Through:
    end = None
    if not edges and any(each.source == step.index for each in graph.dangling):
        end = ("broken", f"“{step.label}” leads to a step that is not there")
    return Through(at, outcome, reason, until, edges, "", end)


# -- messages and waits ------------------------------------------------------------------------


def _message(graph: Graph, step: Step, future: Future, judge: Judge) -> Through:
    """The workflow's time window holds messages, it skips none."""
    channel = step.spec.channel or "message"
    if future.contact.dnd & {channel, "all"}:
        return _on(graph, step, judge.at, "skipped", f"the contact takes no {channel} (DND)")
    at = opens(graph.settings.window, judge.at, future.zone)
    if at is None:
        end = ("waits_forever", NEVER_OPENS)
        return Through(judge.at, "held", NEVER_OPENS, judge.at, (), "", end)
    reason = (
        f"sends {channel}" if at == judge.at else f"held by the time window, then sends {channel}"
    )
    stopped = future.stopped_by(at)
    if stopped is not None:
        end = ("reply", "the contact's reply ends the run (Stop on Response)")
        return Through(judge.at, "held", "held by the time window", stopped.at, (), "", end)
    future.catch_up(at)
    future.messaged(at)
    apply(step, future.contact, judge)
    if _waits(step):
        held = _wait(graph, step, future, at, "sent")
        return held._replace(reason=f"{reason}; {held.reason}")
    edges = choose(graph, step, judge).edges if parts_ways(step) else ways_out(graph, step)
    return _leave(graph, step, at, at, "sent", reason, edges)


def _wait(graph: Graph, step: Step, future: Future, at: Time, outcome: str) -> Through:
    held = future.held(step, at)
    goal = future.goal_before(step, at, held.until)
    if goal is not None:
        edge = Edge(step.index, goal.step.index, EdgeKind.GOTO)
        reason = f"the goal “{goal.step.label}” is met: goes on there"
        return Through(at, outcome, reason, goal.at, [edge])
    if held.until is None:
        stopped = future.reply()
        if stopped is not None:
            end = ("reply", "the contact's reply ends the run (Stop on Response)")
            return Through(at, outcome, held.reason, stopped.at, (), "", end)
        return Through(at, outcome, held.reason, at, (), "", ("waits_forever", held.reason))
    if held.way == "exit":
        return Through(at, outcome, held.reason, held.until, (), "", ("exited", held.reason))
    edges = _behind(graph, step, held)
    passed = _leave(graph, step, at, held.until, outcome, held.reason, edges)
    return passed._replace(branch=edges[0].label if edges else "")


def _behind(graph: Graph, step: Step, held: Held) -> list[Edge]:
    """The ways out that fit how a wait ended; one that has no timeout path goes straight on."""
    out = ways_out(graph, step)
    wanted = {"timeout": EdgeKind.TIMEOUT, "goto": EdgeKind.GOTO}.get(held.way)
    if wanted is not None and (found := [edge for edge in out if edge.kind is wanted]):
        return found
    apart = (EdgeKind.TIMEOUT, EdgeKind.GOTO)
    return [edge for edge in out if edge.kind not in apart]


# -- goals, loops, leaving ---------------------------------------------------------------------


def _goal(graph: Graph, step: Step, future: Future, at: Time) -> Through:
    met = goals.is_met(step, future.contact, future.happened)
    if met:
        return _on(graph, step, at, "goal_met", "the goal is met")
    said = "the goal is not met" if met is False else "cannot be decided from the facts given"
    action = text(step.params.get("action")).lower()
    if action == "continue":
        return _on(graph, step, at, "goal_missed", f"{said}; it goes on all the same")
    if action == "wait":
        reached = future.meeting([step], at, None)
        if reached is None:
            reason = "waits for ever: the goal is never met"
            return Through(at, "waited", reason, at, (), "", ("waits_forever", reason))
        reason = "waits until the goal is met"
        return _leave(graph, step, at, reached.at, "waited", reason, ways_out(graph, step))
    return Through(at, "goal_missed", said, at, (), "", ("goal", f"{said}, and the run ends there"))


def _loop(graph: Graph, step: Step, at: Time, count: int) -> Through:
    """The body runs once, as nobody knows for how many items; then it goes on behind."""
    out = ways_out(graph, step)
    body = [edge for edge in out if edge.kind is EdgeKind.LOOP]
    rest = [edge for edge in out if edge.kind is not EdgeKind.LOOP]
    if body and count == 1:
        return _leave(graph, step, at, at, "looped", "runs its body, here once", body)
    return _leave(graph, step, at, at, "done", "its items are done", rest)


def _leaves(graph: Graph, step: Step) -> bool:
    """Whether a step takes the contact out of the workflow it stands in."""
    stops = {
        each.value for each in step.effects if each.kind == "workflow" and each.action == "stop"
    }
    if graph.platform != HIGHLEVEL or not stops:
        return False
    this = step.params.get("includeCurrent") is True and "*" in stops
    return this or bool(graph.id and graph.id in stops)
