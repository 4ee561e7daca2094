"""What has run before a step, against every path and every walk of small graphs."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.workflows.analysis.facts.runs import Runs
from apps.workflows.analysis.graph import N8N, Edge, Graph, Kind, Step, StepType
from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.drawing import drawn, if_, node
from tests.workflows.analysis.paths import paths_to


def graph_of(count: int, pairs: list[tuple[int, int]]) -> Graph:
    steps = [Step(n, f"s{n}", f"S{n}", "t", StepType(Kind.STEP), {}, {}) for n in range(count)]
    return Graph(N8N, "Flow", steps, [Edge(a, b) for a, b in pairs], [0])


@st.composite
def graphs(draw: st.DrawFn, *, acyclic: bool) -> Graph:
    count = draw(st.integers(2, 8))
    flow = [0, *(n + 1 for n in draw(st.permutations(range(count - 1))))]
    pairs = [
        (a, b) for n, a in enumerate(flow) for b in (flow[n + 1 :] if acyclic else flow) if a != b
    ]
    return graph_of(count, draw(st.lists(st.sampled_from(pairs), max_size=2 * count, unique=True)))


# -- without merges ----------------------------------------------------------------------------


@given(graphs(acyclic=True))
@settings(max_examples=300)
def test_always_and_ever_are_what_all_paths_and_some_path_say(graph):
    runs = Runs(graph, 0, range(len(graph.steps)))
    for one in graph.steps:
        ways = [{edge.source for edge in path} for _, path in paths_to(graph, one.index)]
        assert runs.reaches(one) == bool(ways)
        for other in graph.steps if ways else ():
            assert runs.ever(one, other) == any(other.index in way for way in ways)
            assert runs.always(one, other) == all(other.index in way for way in ways)


def reached(graph: Graph, start: int, without: int = -1) -> set[int]:
    found = {start} - {without}
    stack = list(found)
    while stack:
        for edge in graph.out[stack.pop()]:
            if edge.target not in found and edge.target != without:
                found.add(edge.target)
                stack.append(edge.target)
    return found


@given(graphs(acyclic=False))
@settings(max_examples=300)
def test_with_loops_a_step_always_ran_if_no_walk_gets_past_it(graph):
    runs = Runs(graph, 0, range(len(graph.steps)))
    came = reached(graph, 0)
    for one in graph.steps:
        assert runs.reaches(one) == (one.index in came)
        for other in graph.steps if runs.reaches(one) else ():
            behind = other.index in came and one.index in graph.after(other)
            past = one.index in reached(graph, 0, other.index) or one is other
            assert runs.ever(one, other) == behind
            # Where a run begins nothing has run, not even what it would come back from.
            if one is not other:
                assert runs.always(one, other) == (not past and one.index != 0)


def test_only_what_is_watched_is_known():
    graph = graph_of(3, [(0, 1), (1, 2)])
    with pytest.raises(KeyError):
        Runs(graph, 0, [0]).always(graph.steps[2], graph.steps[1])


def test_a_ladder_with_ways_back_at_every_rung_is_given_up_in_favour_of_silence():
    """Entered from both ends it would take as many sweeps as it has rungs."""
    count = 3_000
    pairs = [(0, 1), (0, count - 1)]
    pairs += [(n, n + 1) for n in range(1, count - 1)] + [(n + 1, n) for n in range(1, count - 1)]
    graph = graph_of(count, pairs)
    runs = Runs(graph, 0, [1, count // 2])
    middle = graph.steps[count // 2]
    assert runs.ever(middle, graph.steps[1])
    assert runs.always(middle, graph.steps[1])  # not so, but not worth finding out


# -- merges and loops over items ---------------------------------------------------------------


def runs_of(document: Any) -> tuple[Runs, dict[str, Step]]:
    [item] = inspect_document(document)
    assert item.analysis is not None
    graph = item.analysis.graph
    [entry] = graph.entries
    return Runs(graph, entry, range(len(graph.steps))), {step.name: step for step in graph.steps}


SET, GO = node("set", 3.4), node("manualTrigger")


def merged(mode: str, *wires: str, choice: Any = SET) -> tuple[Runs, Step, Step, Step]:
    """Two ways from a step to a merge, with a step behind it."""
    nodes = {
        "Go": GO, "Choose": choice, "A": SET, "B": SET, "Join": node("merge", 3, mode=mode),
        "End": SET,
    }  # fmt: skip
    made = drawn(nodes, "Go > Choose", *wires, "A > Join.0", "B > Join.1", "Join > End")
    runs, steps = runs_of(made)
    return runs, steps["End"], steps["A"], steps["B"]


@pytest.mark.parametrize("mode", ["append", "combine", "chooseBranch"])
def test_a_merge_of_parallel_ways_waits_for_both(mode):
    runs, end, a, b = merged(mode, "Choose > A", "Choose > B")
    assert runs.always(end, a)
    assert runs.always(end, b)


def test_a_merge_that_passes_on_what_comes_waits_for_neither_of_two_alternatives():
    runs, end, a, b = merged("append", "Choose.0 > A", "Choose.1 > B", choice=if_())
    assert not runs.always(end, a)
    assert not runs.always(end, b)
    assert runs.ever(end, a)


def test_a_merge_that_needs_both_has_had_both():
    """That it never has is another rule's matter."""
    runs, end, a, b = merged("combine", "Choose.0 > A", "Choose.1 > B", choice=if_())
    assert runs.always(end, a)
    assert runs.always(end, b)


def test_two_ways_into_one_input_of_a_merge_are_alternatives():
    nodes = {"Go": GO, "A": SET, "B": SET, "Join": node("merge", 3), "End": SET}
    runs, steps = runs_of(
        drawn(nodes, "Go > A", "Go > B", "A > Join.0", "B > Join.0", "Join > End")
    )
    assert not runs.always(steps["End"], steps["A"])


def test_behind_a_loop_over_items_its_body_has_run():
    nodes = {"Go": GO, "Loop": node("splitInBatches", 3), "Body": SET, "Last": SET, "End": SET}
    wires = ("Go > Loop", "Loop.1 > Body", "Body > Last", "Last > Loop", "Loop.0 > End")
    runs, steps = runs_of(drawn(nodes, *wires))
    assert runs.always(steps["End"], steps["Body"])
    assert runs.always(steps["Last"], steps["Body"])
    assert not runs.always(steps["Body"], steps["Last"])
    assert runs.ever(steps["Body"], steps["Last"])


def test_behind_a_loop_only_what_runs_in_every_turn_has_run():
    nodes = {
        "Go": GO, "Loop": node("splitInBatches", 3), "Which": if_(), "A": SET, "B": SET, "End": SET,
    }  # fmt: skip
    wires = ("Go > Loop", "Loop.1 > Which", "Which.0 > A", "Which.1 > B", "A > Loop", "B > Loop")
    runs, steps = runs_of(drawn(nodes, *wires, "Loop.0 > End"))
    assert runs.always(steps["End"], steps["Which"])
    assert not runs.always(steps["End"], steps["A"])


def test_behind_a_loop_within_a_loop_both_bodies_have_run():
    nodes = {
        "Go": GO, "Outer": node("splitInBatches", 3), "Page": SET,
        "Inner": node("splitInBatches", 3), "Row": SET, "Sum": SET, "End": SET,
    }  # fmt: skip
    runs, steps = runs_of(
        drawn(
            nodes, "Go > Outer", "Outer.1 > Page", "Page > Inner", "Inner.1 > Row", "Row > Inner",
            "Inner.0 > Sum", "Sum > Outer", "Outer.0 > End",
        )
    )  # fmt: skip
    assert runs.always(steps["Sum"], steps["Row"])
    assert runs.always(steps["End"], steps["Row"])
    assert not runs.always(steps["Row"], steps["Sum"])


def test_a_loop_that_nothing_leads_back_to_has_run_nothing():
    nodes = {"Go": GO, "Loop": node("splitInBatches", 3), "Body": SET, "End": SET}
    runs, steps = runs_of(drawn(nodes, "Go > Loop", "Loop.1 > Body", "Loop.0 > End"))
    assert not runs.always(steps["End"], steps["Body"])
