"""What has run before a step: on every path from a trigger, and on some path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from apps.workflows.analysis.algorithms import reverse_postorder
from apps.workflows.analysis.facts.exclusive import Exclusions, excluded_by
from apps.workflows.analysis.facts.reach import leading_to
from apps.workflows.analysis.facts.repeats import Answer, implied
from apps.workflows.analysis.facts.values import text
from apps.workflows.analysis.graph import Edge, EdgeKind, Graph, Kind, Step

#: Sweeps after which we no longer look for what may be missing: drawn flows need two or three.
_MOST_SWEEPS = 12
#: A merge has ten inputs at most; more ports in a file are not real.
_MOST_INPUTS = 10
#: Earlier answers that are each followed up; more only makes us say more than is so.
_MOST_ANSWERS = 8

Adjacency = Sequence[Sequence[Edge]]


class Runs:
    """For one entry and a set of watched steps, which of them have run before each step.

    Where parallel ways meet in a merge that waits for its inputs, what ran on any of the inputs
    has run; behind a loop over items its body has. Everywhere else only what ran on all ways has;
    behind a question that was asked before, on all ways with the same answer.
    Watched steps are bits of whole numbers, and sweeps go in the order of the flow until nothing
    changes; should that take too many, what is still open counts as run.
    """

    def __init__(
        self, graph: Graph, entry: int, watched: Sequence[int], given: Answer | None = None
    ) -> None:
        """With a ``given`` answer only runs that took this output of this step are looked at."""
        self.graph, self._entry, self._watched, self._given = graph, entry, watched, given
        self._under: dict[Answer, Runs] = {}
        loops = [step.index for step in graph.of_kind(Kind.LOOP)]
        self._bit = {n: 1 << place for place, n in enumerate(dict.fromkeys([*watched, *loops]))}
        self._order = reverse_postorder(self._open(graph.out), entry)
        self._may = dict.fromkeys(self._order, 0)
        self._find_may()
        self._everything = (1 << len(self._bit)) - 1
        self._must = dict.fromkeys(self._order, self._everything)
        #: The same for the way on behind a loop over items.
        self._done = {n: self._everything for n in loops if n in self._may}
        self._must[entry] = 0
        for _ in range(_MOST_SWEEPS):
            if not self._sweep(entry):
                break

    def _open(self, out: Adjacency) -> Adjacency:
        given = self._given
        if given is None:
            return out
        return [
            [edge for edge in edges if not _is_shut(edge, given)] if index == given.step else edges
            for index, edges in enumerate(out)
        ]

    def _into(self, index: int) -> list[Edge]:
        """The edges that a run may come along."""
        given = self._given
        return [
            edge
            for edge in self.graph.into[index]
            if edge.source in self._may and not (given and _is_shut(edge, given))
        ]

    def reaches(self, step: Step) -> bool:
        return step.index in self._may

    def always(self, step: Step, other: Step) -> bool:
        """Whether ``other`` has run whenever a run comes to ``step``."""
        return bool(self._must[step.index] & self._bit[other.index])

    def ever(self, step: Step, other: Step) -> bool:
        """Whether ``other`` can have run when a run comes to ``step``."""
        return bool(self._may[step.index] & self._bit[other.index])

    # -- on some path --------------------------------------------------------------------

    def _find_may(self) -> None:
        """Loop by loop in the order of the flow: within one, all of it may have run before."""
        for component in reversed(self.graph.components):
            if component[0] not in self._may:
                continue
            ran = 0
            for index in component:
                for edge in self._into(index):
                    ran |= self._may[edge.source] | self._bit.get(edge.source, 0)
            for index in component:
                self._may[index] = ran

    # -- on every path -------------------------------------------------------------------

    def _sweep(self, entry: int) -> bool:
        changed = False
        for index in self._order:
            must = 0 if index == entry else self._before(index)
            if must != self._must[index]:
                self._must[index] = must
                changed = True
            if index in self._done:
                done = must | self._turned(index)
                changed = changed or done != self._done[index]
                self._done[index] = done
        return changed

    def _before(self, index: int) -> int:
        edges = self._into(index)
        sure = self.graph.shared(waiting_inputs).get(index)
        if sure is None:
            return self._on_all(edges)
        ran = self._on_all([edge for edge in edges if edge.target_port not in sure])
        for port in sure:
            ran |= self._on_all([edge for edge in edges if edge.target_port == port])
        return ran

    def _on_all(self, edges: Sequence[Edge]) -> int:
        """What has run whichever of these edges a run comes along; nothing if there are none."""
        if not edges:
            return 0
        ran = self._along(edges[0])
        for edge in edges[1:]:
            ran &= self._along(edge)
        return ran

    def _along(self, edge: Edge) -> int:
        source = edge.source
        before = self._must[source]
        if source in self._done and edge.kind is not EdgeKind.LOOP:
            before = self._done[source]
        return before | self._bit.get(source, 0) | self._answered(edge)

    def _answered(self, edge: Edge) -> int:
        """What more has run if this output means that an earlier question was answered the same."""
        if self._given is not None or edge.kind is EdgeKind.ERROR:
            return 0
        ran = 0
        for answer in implied(self.graph).get((edge.source, edge.port), ())[:_MOST_ANSWERS]:
            if answer not in self._under and len(self._under) >= _MOST_ANSWERS:
                break
            if answer not in self._under:
                self._under[answer] = Runs(self.graph, self._entry, self._watched, answer)
            # Where no such run comes to the second question, this output is never taken.
            ran |= self._under[answer]._must.get(edge.source, self._everything)
        return ran

    def _turned(self, loop: int) -> int:
        """What has run once a loop over items has gone round."""
        own = self._bit[loop]
        into = self._into(loop)
        return self._on_all([edge for edge in into if self._must[edge.source] & own])


def _is_shut(edge: Edge, given: Answer) -> bool:
    """Whether an edge leaves by another answer; an error is no answer."""
    return edge.source == given.step and edge.port != given.port and edge.kind is not EdgeKind.ERROR


def waiting_inputs(graph: Graph) -> Mapping[int, Sequence[int]]:
    """For every merge with several inputs those that it surely waits for.

    Inputs that a decision fills one instead of the other are none of them.
    """
    return dict(_waiting_inputs(graph))


def _waiting_inputs(graph: Graph) -> Iterator[tuple[int, list[int]]]:
    merges: dict[int, dict[int, list[Edge]]] = {}
    for step in graph.of_kind(Kind.MERGE):
        inputs: dict[int, list[Edge]] = {}
        for edge in graph.into[step.index]:
            inputs.setdefault(edge.target_port, []).append(edge)
        if len(inputs) > 1:
            merges[step.index] = dict(sorted(inputs.items())[:_MOST_INPUTS])
    if not merges:
        return
    exclusions = Exclusions(graph, leading_to(graph, merges))
    for index, inputs in merges.items():
        guards = {port: exclusions.on_all(edges) for port, edges in inputs.items()}
        yield (
            index,
            [
                port
                for port, guard in guards.items()
                if not _appends(graph.steps[index])
                or all(excluded_by(guard, other) is None for other in guards.values())
            ],
        )


def _appends(step: Step) -> bool:
    """Whether the merge goes on with what came on one of its inputs alone."""
    return text(step.params.get("mode")) in ("", "append")
