"""Walks one contact through a workflow: step by step, with times, choices and reasons.

A walk of any graph ends: after so many steps, at a state it was in before, or where a wait never
does. Steps that start several ways at once are gone on from in the order of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, NamedTuple

from apps.workflows.analysis.graph import Edge, Graph, Kind, Step
from apps.workflows.analysis.simulate.clock import Time, zone_of
from apps.workflows.analysis.simulate.contact import Contact, Event
from apps.workflows.analysis.simulate.deciding import Judge
from apps.workflows.analysis.simulate.future import Future
from apps.workflows.analysis.simulate.passing import through

MAX_STEPS = 500


class Passed(NamedTuple):
    """One step of the walk; ``branch`` is the way that was taken where there were several."""

    step: Step
    at: Time
    outcome: str
    reason: str
    branch: str = ""


class Sent(NamedTuple):
    step: Step
    channel: str
    at: Time


class End(NamedTuple):
    """``code`` is one of ``ENDS``."""

    code: str
    reason: str
    at: Time


ENDS = (
    "completed", "goal", "reply", "exited", "waits_forever", "loop", "max_steps", "broken",
    "no_steps",
)  # fmt: skip


@dataclass(slots=True)
class Walked:
    steps: list[Passed] = field(default_factory=list)
    messages: list[Sent] = field(default_factory=list)
    end: End | None = None


class _Visit(NamedTuple):
    """A step that is come to; the latest of those at one time goes first, as runs go deep."""

    at: Time
    order: int
    place: int
    trail: Any = None  # (state, trail before), newest first


def simulate(
    graph: Graph,
    contact: Contact,
    events: Sequence[Event] = (),
    *,
    start: Time,
    max_steps: int = MAX_STEPS,
    timezone: str = "",
    trigger: str = "",
) -> Walked:
    """Walk ``contact`` from ``start``. ``timezone`` is the account's, ``trigger`` the id of the
    trigger that starts the run (the first enabled one when it is empty). Never raises."""
    return _Walk(graph, contact, events, start, max_steps, timezone).walked(trigger)


class _Walk:
    def __init__(
        self,
        graph: Graph,
        contact: Contact,
        events: Sequence[Event],
        start: Time,
        max_steps: int,
        timezone: str,
    ) -> None:
        self.graph, self.contact, self.start, self.max_steps = graph, contact, start, max_steps
        self.result = Walked()
        self.queue: list[_Visit] = []
        self.order = 0
        self.visits: dict[int, int] = {}
        self.merging: dict[int, _Visit] = {}
        setting = graph.settings.timezone
        account = timezone or "UTC"
        named = contact.timezone if setting == "contact" else setting
        self.zone = zone_of(named, account) if setting != "account" else zone_of(account)
        self.future = Future(graph, contact, events, self.zone)
        self.clock = start

    def walked(self, trigger: str) -> Walked:
        first = self._entry(trigger)
        if first is None:
            self.result.end = End("no_steps", "there is no step to start at", self.start)
            return self.result
        self._come_to(first.index, self.start, None)
        while self.result.end is None:
            visit = self._next()
            if visit is None:
                reason = "the end of the workflow is reached"
                self.result.end = End("completed", reason, self.clock)
            elif len(self.result.steps) >= self.max_steps:
                reason = f"maxSteps: the walk was stopped after {self.max_steps} steps"
                self.result.end = End("max_steps", reason, visit.at)
            else:
                self._visit(visit)
        return self.result

    def _entry(self, trigger: str) -> Step | None:
        steps = [self.graph.steps[index] for index in self.graph.entries]
        chosen = [step for step in steps if trigger and step.id == trigger]
        enabled = [step for step in steps if step.enabled and self.graph.out[step.index]]
        return next(iter((*chosen, *enabled, *steps)), None)

    # -- where the walk is -------------------------------------------------------------------

    def _come_to(self, index: int, at: Time, trail: Any) -> None:
        self.order -= 1
        heappush(self.queue, _Visit(at, self.order, index, trail))

    def _next(self) -> _Visit | None:
        """The next step in time; steps that merge ways wait until all others are done."""
        while self.queue:
            visit = heappop(self.queue)
            if self.graph.steps[visit.place].kind is not Kind.MERGE or self._is_alone(visit.place):
                return visit
            if visit.place in self.merging or not self.visits.get(visit.place):
                self.merging[visit.place] = visit
        if self.merging:
            index = min(self.merging, key=lambda each: self.merging[each].at)
            return self.merging.pop(index)
        return None

    def _is_alone(self, index: int) -> bool:
        return len(self.graph.into[index]) < 2

    def _visit(self, visit: _Visit) -> None:
        step = self.graph.steps[visit.place]
        stopped = self.future.stopped_by(visit.at)
        if stopped is not None:
            reason = "the contact's reply ends the run (Stop on Response)"
            self.result.end = End("reply", reason, stopped.at)
            return
        self.future.catch_up(visit.at)
        count = self.visits[visit.place] = self.visits.get(visit.place, 0) + 1
        state = (visit.place, self.contact.state())
        again = 2 if step.kind is Kind.LOOP else 1  # its body leads back to it once
        if count > again and self.future.is_settled(visit.at) and _was_in(visit.trail, state):
            reason = f"loop: “{step.label}” is reached again and nothing has changed"
            self.result.end = End("loop", reason, visit.at)
            return
        self._pass(step, visit, (state, visit.trail), count)

    def _pass(self, step: Step, visit: _Visit, trail: Any, count: int) -> None:
        judge = Judge(self.contact, self.graph.platform, visit.at, self.zone)
        passed = through(self.graph, step, self.future, judge, count)
        self.clock = max(self.clock, passed.until)
        shown = Passed(step, passed.at, passed.outcome, passed.reason, passed.branch)
        self.result.steps.append(shown)
        if passed.outcome == "sent":
            self.result.messages.append(Sent(step, step.spec.channel or "message", passed.at))
        if passed.end is not None and not self.queue and not self.merging:
            self.result.end = End(passed.end[0], passed.end[1], passed.until)
        for edge in reversed(_ordered(passed.edges)):
            self._come_to(edge.target, passed.until, trail)


def _ordered(edges: Sequence[Edge]) -> list[Edge]:
    """Ways that start at once, in the order of their outputs; each step once."""
    ordered = sorted(edges, key=lambda edge: edge.port)
    return list({edge.target: edge for edge in ordered[::-1]}.values())[::-1]


def _was_in(trail: Any, state: Any) -> bool:
    while trail is not None:
        if trail[0] == state:
            return True
        trail = trail[1]
    return False
