"""The picture: where things lie, what is folded, what is marked, and that nothing breaks it."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from apps.workflows.analysis.findings import Severity
from apps.workflows.analysis.graph import EdgeKind, Graph, Kind, Wait
from apps.workflows.inspection import inspect_document
from apps.workflows.reports.picture import Mark, draw, lay_out, marks_of
from apps.workflows.reports.picture.coordinates import WIDTH
from apps.workflows.reports.picture.layout import MOST_BOXES
from apps.workflows.reports.picture.words import fitted, length
from apps.workflows.samples import sample
from tests.workflows.reports.graphs import SHAPES, any_graph, graph, large

HOSTILE = "<script>alert(1)</script>\u202e]]>&\x00\x1b\ufffe\ud800\"'\u200f" + "x" * 10_000
SVG = "{http://www.w3.org/2000/svg}"


def drawn(made: Graph, **options) -> ET.Element:
    return ET.fromstring(draw(lay_out(made), **options).svg)


def nodes(root: ET.Element) -> dict[str, ET.Element]:
    return {each.attrib["data-node"]: each for each in root.iter() if "data-node" in each.attrib}


def words(element: ET.Element) -> str:
    return " ".join(part.strip() for part in element.itertext() if part.strip())


# -- where things lie ------------------------------------------------------------------------


@given(any_graph())
def test_boxes_never_overlap_and_lie_within_the_picture(made):
    picture = lay_out(made)
    for one, other in combinations(picture.boxes, 2):
        beside = abs(one.x - other.x) >= WIDTH - 0.01
        above = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert beside or above
    for box in picture.boxes:
        assert 0 <= box.x <= picture.width - WIDTH
        assert 0 <= box.y <= picture.height - box.height


@given(any_graph())
def test_every_step_of_the_flow_is_in_one_box_and_the_drawing_is_xml(made):
    picture = lay_out(made)
    members = [index for box in picture.boxes for index in box.members]
    shown = [s.index for s in made.steps if s.kind not in (Kind.NOTE, Kind.CONFIG)]
    assert sorted(members) == shown
    ET.fromstring(draw(picture, {step.id: Mark(Severity.LOW, ("a",)) for step in made.steps}).svg)


@given(any_graph())
def test_lines_run_downwards_but_for_those_that_close_a_loop(made):
    picture = lay_out(made)
    for line in picture.lines:
        above, below = (picture.boxes[end].y for end in line.downward)
        assert line.back or above < below


def test_a_workflow_without_loops_has_no_line_that_goes_back():
    assert not any(line.back for line in lay_out(large("tree", 60)).lines)


def test_a_step_that_leads_to_itself_is_drawn_as_a_loop():
    (line,) = lay_out(graph(1, [(0, 0)])).lines
    assert line.back


def test_branches_stand_from_left_to_right_in_their_order():
    picture = lay_out(graph(4, [(0, 1), (0, 2), (0, 3)]))
    xs = [picture.boxes[picture.box_of[n]].x for n in (1, 2, 3)]
    assert xs == sorted(xs)


def test_a_sub_node_hangs_below_the_step_it_serves():
    made = graph(3, [(0, 1), (2, 1)])
    made.edges[1].kind = EdgeKind.ATTACH
    picture = lay_out(made)
    assert picture.boxes[picture.box_of[2]].y > picture.boxes[picture.box_of[1]].y


def test_the_same_workflow_is_always_drawn_the_same():
    assert draw(lay_out(large("tangle", 90))) == draw(lay_out(large("tangle", 90)))


# -- folding -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [500, 25_000])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_large_workflow_is_folded_to_what_a_reader_can_take_in(shape, count):
    made = large(shape, count)
    wanted = [f"s{n}" for n in range(7, count, 50)]
    picture = lay_out(made, wanted=wanted)
    assert len(picture.boxes) <= MOST_BOXES
    assert sum(len(box.members) for box in picture.boxes) == count
    svg = draw(picture).svg
    ET.fromstring(svg)
    assert len(svg) < 1_000_000


def test_a_small_workflow_is_not_folded():
    assert not any(box.is_fold for box in lay_out(large("chain", MOST_BOXES)).boxes)


def test_a_fold_says_how_many_steps_are_in_it_and_which():
    root = drawn(large("chain", 500))
    fold = next(each for each in nodes(root).values() if "data-count" in each.attrib)
    assert f"{fold.attrib['data-count']} steps: Step" in fold.findtext(f"{SVG}title", "")


@pytest.mark.parametrize("shape", ["chain", "tree", "star", "tangle"])
def test_a_fold_opens_at_the_step_that_is_asked_for(shape):
    made = large(shape, 3_000)
    folded = next(box for box in lay_out(made).boxes if box.is_fold)
    asked = made.steps[folded.members[-1]]
    picture = lay_out(made, opened=[asked.id, "no such step"])
    assert picture.boxes[picture.box_of[asked.index]].members == (asked.index,)
    assert len(picture.boxes) <= MOST_BOXES


def test_a_step_with_a_finding_keeps_a_box_of_its_own():
    picture = lay_out(large("chain", 2_000), wanted=["s1234"])
    assert picture.boxes[picture.box_of[1234]].members == (1234,)


def test_a_fold_carries_the_gravest_mark_of_its_steps():
    made = large("chain", 500)
    marks = {"s100": Mark(Severity.LOW, ("a",)), "s101": Mark(Severity.HIGH, ("b",))}
    root = ET.fromstring(draw(lay_out(made), marks).svg)
    (marked,) = [each for each in nodes(root).values() if "data-findings" in each.attrib]
    assert "wd-high" in marked.attrib["class"].split()
    assert marked.attrib["data-findings"] == "2"


# -- what is shown -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def medium():
    (item,) = inspect_document(sample("medium"))
    return item.analysis


def test_lines_are_labelled_with_their_branch(medium):
    labels = [words(each) for each in drawn(medium.graph).iter(f"{SVG}text")]
    assert {"Wants a call", "None"} <= set(labels)


def test_waits_say_how_long(medium):
    found = nodes(drawn(medium.graph))
    wait = next(step for step in medium.graph.steps if step.name == "Wait a week")
    reply = next(step for step in medium.graph.steps if step.name == "Wait for the answer")
    assert "1 week" in words(found[wait.id])
    assert "until a reply" in words(found[reply.id])


def test_steps_with_findings_are_marked_by_more_than_colour(medium):
    root = ET.fromstring(draw(lay_out(medium.graph), marks_of(medium.findings)).svg)
    loop = next(each for each in medium.findings if each.severity is Severity.CRITICAL)
    marked = nodes(root)[loop.node_ids[0]]
    assert "wd-critical" in marked.attrib["class"].split()
    assert loop.rule_id in marked.findtext(f"{SVG}title", "")
    assert "critical" in words(root.findall(f"{SVG}g")[-1])


def test_a_walk_is_lit_with_its_lines(medium):
    path = medium.findings[0].path
    root = drawn(medium.graph, trail=path)
    lit = [name for name, each in nodes(root).items() if "wd-lit" in each.attrib["class"]]
    assert set(lit) == set(path)
    lines = [each.attrib for each in root.iter() if "data-edge" in each.attrib]
    lit_lines = [(a["data-source"], a["data-target"]) for a in lines if "wd-lit" in a["class"]]
    assert set(lit_lines) >= set(pairwise(path))
    assert "wd-has-trail" in root.attrib["class"]


def test_a_walk_of_unknown_steps_lights_nothing(medium):
    assert "wd-has-trail" not in drawn(medium.graph, trail=["gone"]).attrib["class"]


def test_disabled_steps_and_folds_can_be_told_apart(medium):
    off = next(step for step in medium.graph.steps if not step.enabled)
    node = nodes(drawn(medium.graph))[off.id]
    assert "wd-off" in node.attrib["class"].split()
    assert "off" in words(node)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.5, "30 seconds"), (1, "1 minute"), (90, "90 minutes"), (120, "2 hours"),
     (1440, "1 day"), (10080, "1 week"), (1500.5, "1.0 days"), (61.5, "1.0 hours")],
)  # fmt: skip
def test_lengths_are_said_in_the_largest_unit_that_fits(minutes, said):
    assert length(minutes) == said


def test_wide_letters_take_the_room_of_two():
    assert fitted("a" * 12, 10) == "a" * 9 + "…"
    assert len(fitted("漢" * 12, 10)) == 5
    assert fitted("short", 10) == "short"


# -- hostile -----------------------------------------------------------------------------------


def hostile() -> Graph:
    made = graph(3, [(0, 1), (1, 2)], name=HOSTILE, kind=Kind.WAIT)
    made.name = HOSTILE
    for step in made.steps:
        step.id = step.type = HOSTILE + step.id
        step.wait = Wait(HOSTILE)
    for edge in made.edges:
        edge.label = HOSTILE
    return made


def test_hostile_names_stay_text():
    svg = draw(lay_out(hostile()), {hostile().steps[0].id: Mark(Severity.LOW, (HOSTILE,))}).svg
    ET.fromstring(svg)
    assert "<script" not in svg
    assert not re.search("[\x00\x1b\u202e\u200f\ufffe\ud800]", svg)
    assert len(svg) < 20_000


@pytest.mark.parametrize("name", ["critical", "medium", "healthy"])
def test_a_picture_brings_no_styles_scripts_or_links(name):
    (item,) = inspect_document(sample(name))
    assert item.analysis is not None
    root = drawn(item.analysis.graph)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "g", "title", "rect", "path", "text",
    }  # fmt: skip
    names = {name for each in root.iter() for name in each.attrib}
    assert not {name for name in names if name == "style" or "href" in name or name[:2] == "on"}
