"""What is still to come: events, and how they end waits, meet goals and stop runs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from apps.workflows.analysis.facts.conditions import highlevel_branches
from apps.workflows.analysis.facts.values import mapping
from apps.workflows.analysis.graph import Graph, Step
from apps.workflows.analysis.simulate import goals
from apps.workflows.analysis.simulate.clock import Time
from apps.workflows.analysis.simulate.contact import Contact, Event
from apps.workflows.analysis.simulate.deciding import Judge
from apps.workflows.analysis.simulate.waiting import Held, Waiting, timeout_of


class Reached(NamedTuple):
    step: Step
    at: Time


class Future:
    """``zone`` is the workflow's. Events change the contact as the clock passes them."""

    def __init__(
        self, graph: Graph, contact: Contact, events: Sequence[Event], zone: datetime.tzinfo
    ) -> None:
        self.graph, self.contact, self.zone = graph, contact, zone
        self.events = sorted(events)
        self.happened: set[str] = set()
        self._passed = 0
        self._used: set[Event] = set()
        self._first_message: Time | None = None

    def catch_up(self, at: Time) -> None:
        """Let everything happen that is due by now."""
        while self._passed < len(self.events) and self.events[self._passed].at <= at:
            self._happen(self.events[self._passed])
            self._passed += 1

    def _happen(self, event: Event) -> None:
        self.happened.add(event.type)
        if event.type == "tag" and event.value:
            self.contact.add_tag(event.value)
        elif event.type == "untag" and event.value:
            self.contact.remove_tag(event.value)

    def is_settled(self, at: Time) -> bool:
        """Whether nothing is left to come that could change what a loop does."""
        visit = self.contact.appointment
        return self._passed >= len(self.events) and (visit is None or visit <= at)

    # -- stop on response ------------------------------------------------------------------

    def messaged(self, at: Time) -> None:
        if self._first_message is None:
            self._first_message = at

    def stopped_by(self, at: Time) -> Event | None:
        """The reply to a message that has ended the run by now, where the workflow stops on one."""
        found = self.reply()
        return found if found is not None and found.at <= at else None

    def reply(self) -> Event | None:
        """The first reply to a message that ends the run, where the workflow stops on one.

        A reply that a step has waited for does not: the flow behind that step is for it.
        """
        since = self._first_message
        if not self.graph.settings.stop_on_response or since is None:
            return None
        replies = (e for e in self.events if e.type == "reply" and e not in self._used)
        return next((reply for reply in replies if reply.at >= since), None)

    # -- waits -----------------------------------------------------------------------------

    def held(self, step: Step, at: Time) -> Held:
        """How a waiting step holds whoever comes now; an event ends one wait only."""
        if step.wait is not None and step.wait.type in ("condition", "goal"):
            return self._until_condition(step, at)
        free = [event for event in self.events if event not in self._used]
        held = Waiting(self.contact, free, self.zone).at(step, at)
        if held.event is not None:
            self._used.add(held.event)
        return held

    def _until_condition(self, step: Step, at: Time) -> Held:
        """Until the conditions hold: now, after an event, or not before the timeout."""
        inner = mapping(step.params.get("condition")) or step.params
        wanted = highlevel_branches(inner)
        has_timeout = step.wait is not None and step.wait.has_timeout
        until = timeout_of(step, at) if has_timeout else None
        moments = [at, *(e.at for e in self.events if e.at > at and (not until or e.at <= until))]
        for moment in moments:
            self.catch_up(moment)
            judge = Judge(self.contact, self.graph.platform, moment, self.zone)
            verdicts = [judge.branch(branch) for branch in wanted] or [None]
            if True in verdicts:
                return Held(moment, "its conditions hold")
            if None in verdicts and moment == moments[-1]:
                return Held(at, "cannot be decided from the facts given; taken as met")
        if has_timeout:
            return Held(until or at, "its conditions did not hold before the timeout", "timeout")
        return Held(None, "waits for ever: its conditions never hold and there is no timeout")

    # -- goals -----------------------------------------------------------------------------

    def goal_before(self, step: Step, at: Time, until: Time | None) -> Reached | None:
        """The goal further on that something meets while the contact waits here."""
        if not any(event.at > at for event in self.events):
            return None
        return self.meeting(goals.ahead(self.graph, step), at, until)

    def meeting(self, wanted: Sequence[Step], at: Time, until: Time | None) -> Reached | None:
        before = {goal.index for goal in wanted if goals.is_met(goal, self.contact, self.happened)}
        for event in self.events if wanted else ():
            if event.at <= at:
                continue
            if until is not None and event.at >= until:
                return None
            self.catch_up(event.at)
            for goal in wanted:
                met = goals.is_met(goal, self.contact, self.happened)
                if met and goal.index not in before:
                    return Reached(goal, event.at)
        return None
