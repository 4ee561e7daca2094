"""Small random flows of HighLevel steps, and what each single path through one is like.

The paths are walked one by one, the slow and simple way: what the walk with time says about all
of them at once has to be the worst that any of them says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from apps.workflows.analysis.facts.moments import PROMPT
from apps.workflows.analysis.graph import HIGHLEVEL, Edge, EdgeKind, Graph, Step
from apps.workflows.platforms.highlevel.catalogue import STEPS
from apps.workflows.platforms.highlevel.waits import wait_of

Path = list[Edge]

DAY = {"start": "09:00", "end": "18:00"}
NIGHT = {"start": "06:00", "end": "23:00"}


def timed(unit: str, value: float, **more: Any) -> tuple[str, dict[str, Any]]:
    return "wait", {"type": "time", "startAfter": {"type": unit, "value": value}, **more}


def appointment(unit: str, value: float, when: str = "before") -> tuple[str, dict[str, Any]]:
    return "wait", {
        "type": "appointment",
        "appointmentStartAfter": {"type": unit, "value": value, "when": when},
    }


SORTS: list[tuple[str, dict[str, Any]]] = [
    ("sms", {"body": "Hi"}),
    ("sms", {"body": "Hi again"}),
    ("email", {"subject": "Hi", "html": "Hi"}),
    ("add_contact_tag", {"tags": ["a"]}),
    *[("if_else", {"if": True, "branches": []})] * 4,
    ("workflow_split", {"paths": []}),
    timed("minutes", 5),
    timed("hours", 7),
    *[timed("days", 2)] * 3,
    timed("minutes", 0),
    timed("hours", 3, window=DAY),
    timed("hours", 3, window=NIGHT),
    timed("days", "{{contact.days}}"),  # type: ignore[arg-type]
    ("wait", {"type": "reply"}),
    ("drip", {"batchSize": 5, "interval": {"type": "minutes", "value": 5}}),
    appointment("hours", 1),
    appointment("days", 1),
    appointment("hours", 2, "after"),
]
KINDS = [EdgeKind.NEXT, EdgeKind.BRANCH, EdgeKind.TIMEOUT, EdgeKind.GOTO]


def step(index: int, sort: tuple[str, dict[str, Any]], enabled: bool = True) -> Step:
    kind, params = sort
    return Step(
        index, f"s{index}", f"S{index}", kind, STEPS[kind], params, {}, enabled,
        wait=wait_of(kind, params),
    )  # fmt: skip


def graph_of(steps: list[Step], edges: list[Edge], entries: list[int]) -> Graph:
    return Graph(HIGHLEVEL, "Flow", steps, edges, entries)


@st.composite
def acyclic_graphs(draw: st.DrawFn, most: int = 8) -> Graph:
    """Steps in an order that has nothing to do with the flow, which never comes back."""
    count = draw(st.integers(2, most))
    sorts = draw(st.lists(st.sampled_from(SORTS), min_size=count, max_size=count))
    flow = draw(st.permutations(range(count)))
    enabled = draw(st.lists(st.sampled_from([True] * 7 + [False]), min_size=count, max_size=count))
    pairs = [(a, b) for n, a in enumerate(flow) for b in flow[n + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=count, unique=True))
    chosen += [pair for pair in pairwise(flow) if pair not in chosen and draw(st.booleans())]
    edges = [Edge(a, b, draw(st.sampled_from(KINDS))) for a, b in chosen]
    entries = sorted({flow[0], draw(st.sampled_from(flow))})
    return graph_of([step(n, sorts[n], enabled[n]) for n in range(count)], edges, entries)


def paths_to(graph: Graph, index: int) -> Iterator[tuple[int, Path]]:
    """Every path from an entry to a step: where it begins, and its edges."""
    stack: list[tuple[int, Path]] = [(index, [])]
    while stack:
        here, path = stack.pop()
        if here in graph.entries:
            yield here, path
        stack.extend((edge.source, [edge, *path]) for edge in graph.into[here])


# -- what one path is like ---------------------------------------------------------------------


@dataclass
class Life:
    """One contact's way: ``phase`` is none, fresh, running or checked."""

    ages: list[float] = field(default_factory=list)  # of the texts, the last one first
    idle: float = 0.0
    phase: str = "none"
    minutes: float = 0.0
    first: int = -1
    left: float = math.inf

    def leave(self, step: Step, edge: Edge) -> None:
        """Pass a step and go on along one of its edges."""
        if not step.enabled:
            return
        if step.type in ("sms", "email"):
            self.ages = [0.0, *self.ages] if step.type == "sms" else self.ages
            if self.phase == "none":
                self.phase, self.first = "fresh", step.index
        elif step.type == "if_else" and self.phase == "running":
            self.phase = "checked"
        elif step.wait is not None:
            self._wait(step, edge)

    def _wait(self, step: Step, edge: Edge) -> None:
        assert step.wait is not None
        if step.wait.type == "reply":
            self._reply(edge)
        elif edge.kind is EdgeKind.GOTO:
            return
        elif step.wait.type == "appointment":
            self._appointment(step.params["appointmentStartAfter"])
        elif step.wait.minutes is None:
            self._hold(0.0)
            self.ages, self.idle = [], math.inf
        elif step.wait.minutes:
            self._hold(step.wait.minutes)
            self.ages = [age + step.wait.minutes for age in self.ages]
            self.left -= step.wait.minutes
            self.idle += math.inf if step.type == "drip" else step.wait.minutes
        window = step.params.get("window")
        if window is not None:
            self.idle = math.inf if window is NIGHT else 0.0

    def _hold(self, minutes: float) -> None:
        if self.phase in ("fresh", "running"):
            self.minutes = minutes + (self.minutes if self.phase == "running" else 0.0)
            self.phase = "running"

    def _reply(self, edge: Edge) -> None:
        self.ages = []
        self.idle = math.inf if edge.kind is EdgeKind.TIMEOUT else 0.0
        if self.phase != "none":
            self.phase = "checked"

    def _appointment(self, start: dict[str, Any]) -> None:
        self._hold(0.0)
        minutes = start["value"] * {"hours": 60, "days": 1440}[start["type"]]
        self.ages = []
        self.idle = 0.0 if start["type"] == "days" else math.inf
        self.left = min(self.left, minutes if start["when"] == "before" else -minutes)

    @property
    def adrift(self) -> bool:
        return self.idle >= PROMPT


def life(graph: Graph, path: Path) -> Life:
    """What a contact has behind it at the end of a path."""
    found = Life()
    for edge in path:
        found.leave(graph.steps[edge.source], edge)
    return found
