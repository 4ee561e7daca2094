"""Several workflows of one account together: who starts whom, and what the account is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from apps.workflows.analysis.algorithms import strong_components
from apps.workflows.analysis.facts.unattended import unattended
from apps.workflows.analysis.facts.watchers import Watchers
from apps.workflows.analysis.facts.watching import ALL, matches
from apps.workflows.analysis.graph import Graph, Step

if TYPE_CHECKING:
    pass

ENROLS = "workflow"
#: No account comes near so many links; a file made to have more is looked at this far.
MOST_LINKS = 100_000

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """``source`` starts ``target``: by enrolment or by writing what its trigger watches.

    ``kind`` is ``workflow``, ``tag``, ``field``, ``stage`` or ``status``; ``step`` is the step in
    the source, ``trigger`` the trigger in the target (none for an enrolment). Where the file does
    not tell whether the trigger's filters let the value through, it is not ``is_certain``.
    ``is_attended`` says that on every path to the step a person has to answer or act first.
    """

    source: int
    target: int
    kind: str
    value: str
    step: Step
    trigger: Step | None = None
    is_certain: bool = True
    is_attended: bool = False

    @property
    def is_automatic(self) -> bool:
        """Whether it starts the other workflow by itself, as far as the file shows."""
        if self.is_attended or self.value == ALL or "{{" in self.value:
            return False
        return self.is_certain or self.kind != "field"


@dataclass(eq=False)
class Account:
    """``lists`` are the account's reference lists by kind; one that is absent is not known.

    ``whole`` says that these are all workflows of the account, not a selection.
    """

    graphs: Sequence[Graph]
    lists: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    whole: bool = False

    def __post_init__(self) -> None:
        self._shared: dict[Callable[[Account], Any], Any] = {}

    def shared(self, fact: Callable[[Account], Fact]) -> Fact:
        """A fact about the account that several workflows ask for: made once."""
        if fact not in self._shared:
            self._shared[fact] = fact(self)
        found: Fact = self._shared[fact]
        return found

    def known(self, kind: str) -> Sequence[Any] | None:
        """The account's list of this kind; ``None`` when the file does not hold it."""
        return self.lists.get(kind)

    @cached_property
    def place(self) -> dict[int, int]:
        """Graph (by ``id()``) -> its place in ``graphs``."""
        return {id(graph): number for number, graph in enumerate(self.graphs)}

    @cached_property
    def by_id(self) -> dict[str, int]:
        """Workflow id -> its place; of two versions of a workflow the first stands for both."""
        numbered = reversed(list(enumerate(self.graphs)))
        return {graph.id: number for number, graph in numbered if graph.id}

    @cached_property
    def live(self) -> list[int]:
        """The workflows that are not switched off, each once whatever its versions."""
        return [
            number
            for number, graph in enumerate(self.graphs)
            if graph.active is not False and self.by_id.get(graph.id, number) == number
        ]

    @cached_property
    def location(self) -> str:
        """The account's own id: the one in its lists, or else in most of its workflows."""
        listed = Counter(
            item["locationId"]
            for items in self.lists.values()
            for item in items
            if isinstance(item, dict) and isinstance(item.get("locationId"), str)
        )
        held = Counter(
            place
            for graph in self.graphs
            if isinstance(place := graph.raw.get("locationId"), str) and place
        )
        for counted, least in ((listed, 1), (held, 2)):
            total = sum(counted.values())
            for place, count in counted.most_common(1):
                if place and count >= least and count * 2 > total:
                    return place
        return ""

    # -- who starts whom -----------------------------------------------------------------

    @cached_property
    def links(self) -> list[Link]:
        """Every way one workflow starts another (or itself), active ones only."""
        found: list[Link] = []
        graphs = self.graphs
        watchers = Watchers(
            (n, trigger) for n in self.live for trigger in graphs[n].triggers if trigger.enabled
        )
        # In an order of their own, so that a cut at the limit does not hang on that of the file.
        for source in sorted(self.live, key=lambda n: (graphs[n].id, graphs[n].name)):
            graph = graphs[source]
            for step in graph.steps:
                if step.enabled and step.effects and graph.is_reachable(step):
                    found += self._enrolments(source, step)
                    found += self._written(source, step, watchers)
            if len(found) > MOST_LINKS:
                break
        return found

    def _enrolments(self, source: int, step: Step) -> Iterator[Link]:
        for effect in step.effects:
            target = self.by_id.get(effect.value)
            if effect.kind != ENROLS or effect.action != "start" or target is None:
                continue
            if self.graphs[target].active is not False:
                attended = self._is_attended(source, step)
                yield Link(source, target, ENROLS, effect.value, step, is_attended=attended)

    def _written(self, source: int, step: Step, watchers: Watchers) -> Iterator[Link]:
        for target, trigger in watchers.of(step):
            for match in matches(trigger, step):
                effect = match.effect
                yield Link(
                    source, target, effect.kind, effect.value, step, trigger,
                    match.is_certain, self._is_attended(source, step),
                )  # fmt: skip

    def _is_attended(self, source: int, step: Step) -> bool:
        return step.index not in self.graphs[source].shared(unattended)

    @cached_property
    def out(self) -> list[list[Link]]:
        """By workflow the links to others that work by themselves, enrolments first."""
        found: list[list[Link]] = [[] for _ in self.graphs]
        for link in self.links:
            if link.is_automatic and link.source != link.target:
                found[link.source].append(link)
        for links in found:
            links.sort(key=self._order)
        return found

    def _order(self, link: Link) -> tuple[bool, str, str, str, str, str]:
        target = self.graphs[link.target]
        starter = link.trigger.id if link.trigger is not None else ""
        return (link.kind != ENROLS, target.id, target.name, link.step.id, link.value, starter)

    @cached_property
    def enrolled(self) -> frozenset[int]:
        """The workflows that another one puts contacts into."""
        return frozenset(
            link.target for link in self.links if link.kind == ENROLS and link.source != link.target
        )

    @cached_property
    def cycles(self) -> list[list[int]]:
        """Groups of workflows that start one another in a circle (a workflow alone is none).

        Links on which a person has to answer or act are left out: nothing goes round by itself.
        """
        return [sorted(group) for group in strong_components(self.out) if len(group) > 1]
