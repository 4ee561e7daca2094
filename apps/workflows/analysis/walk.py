"""Paths with time: what can have happened on the way to each step, joined where paths meet.

One sweep in the order of the flow carries, along every path at once, the time since the last
texts, waits that let the clock run into the night, the time since the first message with nothing
that could have ended the run, and the appointment offsets waited for. Each figure is the extreme
over all paths, exact without loops; a loop is gone round twice, which is enough for any figure
that a second turn can make worse. Nothing is enumerated, so time is linear in the graph.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from apps.workflows.analysis import windows
from apps.workflows.analysis.graph import Edge, EdgeKind, Graph, Kind, Step, Trait

#: How many texts back the walk remembers.
REMEMBERED = 3
#: Minutes after a contact's own act in which a message is still an answer to it.
PROMPT = 15.0
TEXT_CHANNELS = frozenset({"sms"})
#: Waits that end because the contact did something.
_ANSWERED = frozenset(
    {"reply", "user_reply", "link", "link_clicked", "trigger_link", "email_event", "condition"}
)
_MINUTES = {"minute": 1.0, "hour": 60.0, "day": 1440.0, "week": 10080.0, "month": 43200.0}
_NEVER = math.inf


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known when a run comes to a step (or leaves it).

    ``ages`` are the least minutes since the last, second and third last text, each over all
    paths by itself; ``idle`` the most minutes since the contact last acted and ``idle_since`` the
    wait that made it so (-1: none); ``unchecked`` the most minutes since the first message on a
    path that nothing could end (-1: no message yet); ``offset`` the fewest minutes before an
    appointment that were waited for, at the step ``offset_at``.
    """

    ages: tuple[float, ...] = (_NEVER,) * REMEMBERED
    idle: float = 0.0
    idle_since: int = -1
    unchecked: float = -1.0
    first_message: int = -1
    offset: float = _NEVER
    offset_at: int = -1
    after_visit: int = -1


START = Moment()


class Walk:
    """The moments of one graph: ``arrival[index]`` is ``None`` where no entry leads."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.arrival: list[Moment | None] = [None] * len(graph.steps)
        for index in graph.entries:
            self.arrival[index] = START
        for component in reversed(graph.components):
            rounds = 1 if len(component) == 1 else 2
            for _ in range(rounds):
                for index in sorted(component):
                    self._leave(graph.steps[index])

    def _leave(self, step: Step) -> None:
        here = self.arrival[step.index]
        if here is None:
            return
        after = passed(here, step)
        for edge in self.graph.out[step.index]:
            if edge.target != step.index:
                arriving = along(after, step, edge)
                known = self.arrival[edge.target]
                self.arrival[edge.target] = arriving if known is None else joined(known, arriving)

    def text_trail(self, step: Step, texts: int) -> list[Step]:
        """A path to ``step`` on which its last ``texts`` texts (at most 3) came in least time."""
        graph = self.graph
        trail, index, seen = [step], step.index, {step.index}
        while texts > 0:
            edge = self._came_with(index, texts)
            if edge is None or edge.source in seen:
                break
            index = edge.source
            seen.add(index)
            trail.append(graph.steps[index])
            texts -= is_text(graph.steps[index])
        return [*graph.path_to(trail[-1])[:-1], *reversed(trail)]

    def _came_with(self, index: int, texts: int) -> Edge | None:
        """The edge over which the given age reached this step."""
        best, found = _NEVER, None
        for edge in self.graph.into[index]:
            source = self.graph.steps[edge.source]
            moment = self.arrival[edge.source]
            if moment is not None:
                age = along(passed(moment, source), source, edge).ages[texts - 1]
                if age < best:
                    best, found = age, edge
        return found


def is_text(step: Step) -> bool:
    return step.enabled and step.spec.channel in TEXT_CHANNELS and Trait.SENDS in step.spec.traits


def is_message(step: Step) -> bool:
    return step.enabled and step.spec.kind is Kind.MESSAGE and Trait.SENDS in step.spec.traits


def passed(here: Moment, step: Step) -> Moment:
    """The moment when the step is done, as far as it is the same on all its ways out."""
    if not step.enabled:
        return here
    if is_message(step):
        ages = (0.0, *here.ages[: REMEMBERED - 1]) if is_text(step) else here.ages
        first = here.unchecked < 0
        return _with(
            here,
            ages=ages,
            unchecked=max(here.unchecked, 0.0),
            first_message=step.index if first else here.first_message,
        )
    wait = step.wait
    if wait is not None and wait.minutes is not None and wait.minutes > 0:
        return _later(here, wait.minutes, step)
    if step.spec.kind is Kind.BRANCH and here.unchecked > 0:
        return _with(here, unchecked=-1.0, first_message=-1)
    return here


def along(after: Moment, step: Step, edge: Edge) -> Moment:
    """The moment at the far end of one way out of the step."""
    wait = step.wait
    if not step.enabled or wait is None or wait.minutes is not None:
        return after
    if wait.type == "appointment":
        return _at_appointment(after, step)
    if wait.type in _ANSWERED:  # what happens next depends on what the contact did
        moment = _with(after, ages=START.ages, unchecked=-1.0, first_message=-1)
        if edge.kind is EdgeKind.TIMEOUT:
            return _with(moment, idle=_NEVER, idle_since=step.index)
        return _with(moment, idle=0.0, idle_since=-1)
    return _with(after, ages=START.ages, idle=_NEVER, idle_since=step.index)


def _at_appointment(after: Moment, step: Step) -> Moment:
    minutes, unit, before = appointment_offset(step)
    moment = _with(after, ages=START.ages)
    if not before:
        return _with(moment, after_visit=step.index, idle=_NEVER, idle_since=step.index)
    moment = _with(moment, offset=minutes, offset_at=step.index)
    if unit in ("day", "week", "month"):  # the same time of day as the appointment
        return _with(moment, idle=0.0, idle_since=-1)
    return _with(moment, idle=_NEVER, idle_since=step.index)


def appointment_offset(step: Step) -> tuple[float, str, bool]:
    """How long before (else after) an appointment a wait ends: minutes, unit, whether before.

    Source: ``appointmentStartAfter {type, value, when}`` of HighLevel's wait step.
    """
    start = step.params.get("appointmentStartAfter")
    if not isinstance(start, dict):
        return 0.0, "", False
    unit = str(start.get("type", "")).lower().rstrip("s")
    try:
        value = float(start.get("value") or 0)
    except (TypeError, ValueError):
        value = 0.0
    return value * _MINUTES.get(unit, 0.0), unit, start.get("when") == "before"


def _later(here: Moment, minutes: float, step: Step) -> Moment:
    idle = here.idle + minutes
    kept = windows.is_set(step.params.get("window"))
    return _with(
        here,
        ages=tuple(age + minutes for age in here.ages),
        idle=0.0 if kept else idle,
        idle_since=-1 if kept else (step.index if idle >= PROMPT else here.idle_since),
        unchecked=here.unchecked + minutes if here.unchecked >= 0 else -1.0,
    )


def joined(one: Moment, other: Moment) -> Moment:
    """The worse of two moments, figure by figure."""
    if one == other:
        return one
    idle = max(one, other, key=lambda m: (m.idle, -m.idle_since))
    checked = max(one, other, key=lambda m: (m.unchecked, -m.first_message))
    near = min(one, other, key=lambda m: (m.offset, m.offset_at))
    return Moment(
        ages=tuple(map(min, one.ages, other.ages)),
        idle=idle.idle,
        idle_since=idle.idle_since,
        unchecked=checked.unchecked,
        first_message=checked.first_message,
        offset=near.offset,
        offset_at=near.offset_at,
        after_visit=max(one.after_visit, other.after_visit),
    )


def _with(moment: Moment, **changes: object) -> Moment:
    fields: dict[str, object] = {name: getattr(moment, name) for name in _FIELDS}
    return Moment(**(fields | changes))  # type: ignore[arg-type]


_FIELDS: Sequence[str] = tuple(Moment.__dataclass_fields__)
