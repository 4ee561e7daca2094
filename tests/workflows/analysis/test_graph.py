"""The graph's shared facts, held against slow and plain definitions of them."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from apps.workflows.analysis.graph import (
    HIGHLEVEL,
    LONGEST_WALK,
    Edge,
    EdgeKind,
    Graph,
    Kind,
    Step,
    StepType,
    Trait,
)

STEP = StepType(Kind.STEP)
SMS = StepType(Kind.MESSAGE, traits=frozenset({Trait.SENDS}))


def graph(size: int, arcs: list[tuple[int, int]], entries=(0,), sends=(), attach=()) -> Graph:
    steps = [
        Step(n, f"s{n}", f"Step {n}", "x", SMS if n in sends else STEP, {}, {}) for n in range(size)
    ]
    edges = [Edge(source, target) for source, target in arcs]
    edges += [Edge(source, target, EdgeKind.ATTACH) for source, target in attach]
    return Graph(HIGHLEVEL, "test", steps, edges, list(entries))


@st.composite
def graphs(draw):
    size = draw(st.integers(1, 9))
    node = st.integers(0, size - 1)
    arcs = draw(st.lists(st.tuples(node, node), max_size=20))
    sends = draw(st.sets(node))
    return graph(size, arcs, sends=sends), size, arcs, sends


def closure(size: int, arcs: list[tuple[int, int]]) -> list[set[int]]:
    reach = [{target for source, target in arcs if source == node} for node in range(size)]
    for middle, node in itertools.product(range(size), range(size)):
        if middle in reach[node]:
            reach[node] |= reach[middle]
    for _ in range(size):
        for node in range(size):
            reach[node] |= set().union(*(reach[other] for other in reach[node]), set())
    return reach


@given(graphs())
def test_after_before_and_reachable_agree_with_the_closure(made):
    built, size, arcs, _ = made
    reach = closure(size, arcs)
    for step in built.steps:
        assert built.after(step) == reach[step.index]
        assert built.before(step) == {n for n in range(size) if step.index in reach[n]}
        assert built.is_reachable(step) == (step.index == 0 or step.index in reach[0])


@given(graphs())
def test_loops_are_the_sets_of_steps_that_reach_one_another(made):
    built, size, arcs, _ = made
    reach = closure(size, arcs)
    expected = {
        frozenset(m for m in range(size) if m == n or (m in reach[n] and n in reach[m]))
        for n in range(size)
        if n in reach[n]
    }
    assert {frozenset(step.index for step in loop) for loop in built.loops} == expected


@given(graphs())
def test_what_lies_behind_is_counted_once_each(made):
    built, size, arcs, sends = made
    reach = closure(size, arcs)
    for step in built.steps:
        assert built.count_behind([step]) == len(sends & (reach[step.index] | {step.index}))


@given(graphs())
def test_a_path_is_a_walk_along_real_edges_from_an_entry(made):
    built, _, arcs, _ = made
    for step in built.steps:
        walk = [each.index for each in built.path_to(step)]
        assert walk[-1] == step.index
        assert all(pair in arcs for pair in itertools.pairwise(walk))
        if built.is_reachable(step):
            assert walk[0] == 0


def test_a_way_round_comes_back_to_where_it_began():
    built = graph(4, [(0, 1), (1, 2), (2, 3), (3, 1)])
    walk = [step.index for step in built.path_between(built.steps[1], built.steps[1])]
    assert walk == [1, 2, 3, 1]
    assert built.path_between(built.steps[2], built.steps[0]) == []


def test_a_self_loop_is_a_loop_and_a_branch_and_merge_is_none():
    assert len(graph(1, [(0, 0)]).loops) == 1
    assert graph(4, [(0, 1), (0, 2), (1, 3), (2, 3)]).loops == []


def test_a_sub_node_is_reachable_with_its_consumer_and_its_walk_ends_there():
    built = graph(4, [(0, 1)], attach=[(2, 1), (3, 2)])
    assert built.is_reachable(built.steps[2])
    assert built.is_reachable(built.steps[3])
    assert [step.index for step in built.path_to(built.steps[3])] == [0, 1]
    assert not graph(3, [], attach=[(2, 1)]).is_reachable(built.steps[2])


def test_a_chain_of_twenty_thousand_steps_needs_no_recursion():
    size = 20_000
    built = graph(size, [(n, n + 1) for n in range(size - 1)], sends={size - 1})
    assert [step.index for step in built.path_to(built.steps[-1])] == list(
        range(size - LONGEST_WALK, size)
    )
    assert built.count_behind([built.steps[0]]) == 1
    assert built.loops == []
