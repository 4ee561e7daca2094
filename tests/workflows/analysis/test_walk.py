"""The walk with time says of all paths at once what the worst of them is like."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings

from apps.workflows.analysis.facts.moments import REMEMBERED, is_text
from apps.workflows.analysis.facts.walk import Walk
from apps.workflows.analysis.graph import Edge, EdgeKind, Graph, Step
from tests.workflows.analysis.paths import (
    Life,
    acyclic_graphs,
    appointment,
    graph_of,
    life,
    paths_to,
    step,
    timed,
)

SMS = ("sms", {"body": "x"})
TAG = ("add_contact_tag", {"tags": ["a"]})
IF = ("if_else", {"if": True})


def lives(graph: Graph, index: int) -> list[Life]:
    return [life(graph, path) for _, path in paths_to(graph, index)]


def in_order(graph: Graph, walk: list[Step]) -> list[list[Edge]]:
    """The edges a walk may go along, pair by pair: none where a step follows out of nowhere."""
    return [
        [edge for edge in graph.out[a.index] if edge.target == b.index] for a, b in pairwise(walk)
    ]


def lives_on(graph: Graph, walk: list[Step]) -> list[Life]:
    """What the walk may be like; parallel edges between two steps may differ."""
    found: list[list[Edge]] = [[]]
    for edges in in_order(graph, walk):
        assert edges
        found = [[*path, edge] for path in found for edge in edges]
    assert walk[0].index in graph.entries
    return [life(graph, path) for path in found]


# -- without loops -----------------------------------------------------------------------------


@given(acyclic_graphs())
@settings(max_examples=400)
def test_every_figure_is_the_extreme_over_all_paths(graph):
    walk = Walk(graph)
    for one in graph.steps:
        found, moment = lives(graph, one.index), walk.arrival[one.index]
        if moment is None:
            assert found == []
            continue
        for back in range(REMEMBERED):
            ages = [each.ages[back] for each in found if len(each.ages) > back]
            assert moment.texts[back][0] == min(ages, default=math.inf)
        running = [each for each in found if each.phase == "running"]
        assert moment.idle == max(each.idle for each in found)
        assert (moment.idle_since >= 0) == any(each.adrift for each in found)
        assert moment.unmessaged == any(each.phase == "none" for each in found)
        assert (moment.fresh >= 0) == any(each.phase == "fresh" for each in found)
        assert moment.unchecked == max((each.minutes for each in running), default=-1.0)
        assert moment.left == min(each.left for each in found)


@given(acyclic_graphs())
@settings(max_examples=200)
def test_the_witness_of_a_delay_is_a_real_path_with_that_delay(graph):
    walk = Walk(graph)
    for one in graph.steps:
        moment = walk.arrival[one.index]
        if moment is not None and moment.idle_since >= 0:
            way = walk.drift(one)
            assert moment.idle in {each.idle for each in lives_on(graph, way)}
            assert graph.steps[moment.idle_since] in way[:-1]


@given(acyclic_graphs())
@settings(max_examples=200)
def test_the_witness_of_a_late_visit_is_a_real_path_that_leaves_so_little_time(graph):
    walk = Walk(graph)
    for one in graph.steps:
        moment = walk.arrival[one.index]
        if moment is not None and moment.left_at >= 0:
            way = walk.lateness(one)
            assert moment.left in {each.left for each in lives_on(graph, way)}
            assert graph.steps[moment.left_at] in way[:-1]


@given(acyclic_graphs())
@settings(max_examples=200)
def test_the_witness_of_a_sequence_is_a_real_path_that_takes_so_long(graph):
    walk = Walk(graph)
    for one in graph.steps:
        moment = walk.arrival[one.index]
        if moment is not None and moment.unchecked >= 0:
            spans = {
                (each.phase, each.minutes, each.first)
                for each in lives_on(graph, walk.sequence(one))
            }
            assert ("running", moment.unchecked, moment.first_message) in spans


@given(acyclic_graphs())
@settings(max_examples=200)
def test_the_witness_of_a_burst_is_a_real_path_with_its_texts_in_that_time(graph):
    walk = Walk(graph)
    for one in graph.steps:
        moment = walk.arrival[one.index]
        if moment is not None and moment.texts[-1][1] >= 0:
            way, texts = walk.texts(one)
            ages = [each.ages[REMEMBERED - 1] for each in lives_on(graph, way)]
            assert moment.texts[-1][0] in ages
            assert [each for each in way[:-1] if is_text(each)][-REMEMBERED:] == texts[:-1]


@given(acyclic_graphs())
@settings(max_examples=100)
def test_the_order_of_the_steps_makes_no_difference(graph):
    """The figures, not who is named for them where two paths are as bad."""
    count = len(graph.steps)
    turned = [count - 1 - n for n in range(count)]
    steps = [
        step(n, (old.type, dict(old.params)), old.enabled)
        for n, old in enumerate(graph.steps[turned[n]] for n in range(count))
    ]
    edges = [Edge(turned[e.source], turned[e.target], e.kind) for e in reversed(graph.edges)]
    other = Walk(graph_of(steps, edges, sorted(turned[n] for n in graph.entries)))
    for one, there in zip(Walk(graph).arrival, reversed(other.arrival), strict=True):
        if one is None or there is None:
            assert one is there
            continue
        assert [age for age, _ in one.texts] == [age for age, _ in there.texts]
        assert (one.idle, one.unchecked, one.left) == (there.idle, there.unchecked, there.left)


# -- with loops --------------------------------------------------------------------------------


def chain(*sorts, back: tuple[int, int] | None = None) -> Graph:
    """Steps one behind the other, with an edge back."""
    steps = [step(n, sort) for n, sort in enumerate(sorts)]
    edges = [Edge(n, n + 1) for n in range(len(sorts) - 1)]
    if back is not None:
        edges.append(Edge(*back, EdgeKind.GOTO))
    return graph_of(steps, edges, [0])


def test_a_single_text_in_a_loop_follows_itself():
    walk = Walk(chain(SMS, timed("hours", 1), TAG, back=(2, 0)))
    moment = walk.arrival[0]
    assert moment is not None
    assert moment.texts == ((60.0, 0), (120.0, 0), (180.0, 0))


def test_the_trail_of_texts_in_a_loop_goes_round_along_real_edges():
    graph = chain(TAG, SMS, timed("hours", 1), TAG, back=(3, 1))
    way, texts = Walk(graph).texts(graph.steps[1])
    assert [one.index for one in texts] == [1, 1, 1, 1]
    assert all(in_order(graph, way))
    assert [one.index for one in way] == [0, *[1, 2, 3] * 3, 1]


def test_the_first_text_of_a_loop_is_late_in_its_second_turn():
    moment = Walk(chain(SMS, timed("hours", 12), TAG, back=(2, 0))).arrival[0]
    assert moment is not None
    assert moment.idle_since == 1


def test_what_the_turn_before_has_sent_is_no_sequence_and_its_visit_is_over():
    moment = Walk(chain(SMS, appointment("hours", 1), timed("days", 2), back=(2, 0))).arrival[0]
    assert moment is not None
    assert (moment.unchecked, moment.fresh, moment.left) == (-1.0, -1, math.inf)
    assert moment.unmessaged


def test_a_loop_against_the_order_of_the_steps_is_walked_to_its_end():
    count = 30
    steps = [step(n, SMS if n % 2 else timed("hours", 1)) for n in range(count)]
    edges = [Edge(n, n - 1) for n in range(count - 1, 0, -1)] + [Edge(0, count - 1)]
    walk = Walk(graph_of(steps, edges, [count - 1]))
    assert None not in walk.arrival
    assert walk.arrival[0] is not None
    assert walk.arrival[0].texts[0] == (0.0, 1)


def test_a_step_that_leads_to_itself_is_passed_once():
    moment = Walk(graph_of([step(0, SMS)], [Edge(0, 0)], [0])).arrival[0]
    assert moment is not None
    assert moment.texts[0][1] == -1


def test_what_no_entry_leads_to_has_no_moment():
    graph = graph_of([step(n, SMS) for n in range(4)], [Edge(0, 1), Edge(2, 3), Edge(3, 2)], [0])
    assert [moment is None for moment in Walk(graph).arrival] == [False, False, True, True]


# -- without counting paths --------------------------------------------------------------------


@pytest.mark.parametrize("looped", [False, True])
def test_more_paths_than_could_ever_be_listed_are_walked(looped):
    """Two ways at each of 2,000 forks: 2 to the power of 2,000 paths."""
    forks = 2_000
    steps, edges = [], []
    for n in range(0, 3 * forks, 3):
        steps += [step(n, IF), step(n + 1, SMS), step(n + 2, timed("hours", 1))]
        edges += [Edge(n, n + 1, EdgeKind.BRANCH), Edge(n, n + 2, EdgeKind.BRANCH)]
        edges += [Edge(n + 1, n + 3), Edge(n + 2, n + 3)] if n + 3 < 3 * forks else []
    if looped:
        edges.append(Edge(3 * forks - 1, 0, EdgeKind.GOTO))
    graph = graph_of(steps, edges, [0])
    walk = Walk(graph)
    last = walk.arrival[-2]
    assert last is not None
    assert last.texts[-1][0] == 0.0
    way, texts = walk.texts(steps[-2])
    assert len(texts) == REMEMBERED + 1
    assert all(in_order(graph, way))
