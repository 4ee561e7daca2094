"""HighLevel workflows as graphs: edges, branches, gotos, entries, identities."""

import pytest

from apps.workflows.analysis.graph import EdgeKind, Kind, Trait
from apps.workflows.platforms import highlevel
from apps.workflows.platforms.base import Source


def step(key, kind="sms", next=None, **more):  # noqa: A002 (the field's name in the file)
    return {"id": key, "type": kind, "attributes": {}, "next": next} | more


def graph_of(*steps, triggers=None, **document):
    definition = {"name": "W", "workflowData": {"templates": list(steps)}} | document
    return highlevel.translate(Source(definition, triggers=triggers))


def edges(graph):
    ids = [each.id for each in graph.steps]
    return sorted(
        (ids[edge.source], ids[edge.target], edge.kind.value, edge.label) for edge in graph.edges
    )


def entries(graph):
    return [graph.steps[index].id for index in graph.entries]


def condition(key, names, targets, **more):
    branches = [{"id": f"{key}-{n}", "name": name, "segments": []} for n, name in enumerate(names)]
    attributes = {"if": True, "branches": branches, "noneBranchName": "Otherwise"}
    return step(key, "if_else", targets, nodeType="condition-node", attributes=attributes, **more)


# -- next --------------------------------------------------------------------------------------


def test_next_is_followed_whether_text_or_list():
    graph = graph_of(step("a", next="b"), step("b", next=["c"]), step("c", next=""))
    assert edges(graph) == [("a", "b", "next", ""), ("b", "c", "next", "")]
    assert graph.connections == 2
    assert graph.dangling == []


@pytest.mark.parametrize(
    "value", [None, "", [], {}, 7, True, 1.5, [[]], [["b"]], {"id": "b"}, [None]]
)
def test_next_that_names_no_step_is_the_end(value):
    graph = graph_of(step("a", next=value), step("b"))
    assert edges(graph) == []
    assert graph.dangling == []
    assert graph.connections == 0


def test_numbers_count_where_they_are_ids():
    graph = graph_of({"id": 1, "type": "sms", "next": 2}, {"id": 2, "type": "sms", "next": 3})
    assert edges(graph) == [("1", "2", "next", "")]
    assert graph.dangling == []


def test_missing_target_is_dangling_and_counted():
    graph = graph_of(step("a", next="gone"), step("b", "goto", attributes={"targetNodeId": "off"}))
    assert [(d.source, d.target, d.kind) for d in graph.dangling] == [
        (0, "gone", EdgeKind.NEXT),
        (1, "off", EdgeKind.GOTO),
    ]
    assert graph.connections == 2


def test_parent_key_is_neither_an_edge_nor_dangling():
    graph = graph_of(
        step("a", next="b"), step("b", parentKey="long-gone"), step("c", parentKey="a")
    )
    assert edges(graph) == [("a", "b", "next", "")]
    assert graph.dangling == []
    assert not graph.is_reachable(graph.steps[2])


def test_step_may_lead_to_itself():
    assert edges(graph_of(step("a", next="a"))) == [("a", "a", "next", "")]


def test_the_same_next_twice_is_one_edge_but_two_connections():
    graph = graph_of(step("a", next=["b", "b"]), step("b"))
    assert len(graph.edges) == 1
    assert graph.connections == 2


# -- branches ----------------------------------------------------------------------------------


def test_branches_lead_to_markers_with_their_names():
    graph = graph_of(
        condition("if", ["Yes"], ["if-0", "none"]),
        step("if-0", "if_else", "a", nodeType="branch-yes", name="Yes", attributes={"if": False}),
        step("none", "if_else", None, nodeType="branch-no", name="None", attributes={"else": True}),
        step("a"),
    )
    assert edges(graph) == [
        ("if", "if-0", "branch", "Yes"),
        ("if", "none", "branch", "None"),
        ("if-0", "a", "next", ""),
    ]
    kinds = {each.id: each.kind for each in graph.steps}
    assert kinds["if"] is Kind.BRANCH
    assert kinds["if-0"] is kinds["none"] is Kind.MARKER
    none = next(each for each in graph.steps if each.id == "none")
    assert none.raw["attributes"]["else"] is True
    assert none.type == "if_else"


def test_marker_is_known_without_its_node_type():
    graph = graph_of(
        step("a", "if_else", attributes={"else": True}),
        step("b", "if_else", attributes={"if": False, "branches": []}),
        step("c", "if_else", attributes={"if": True, "branches": []}),
        step("d", "if_else"),
        step("e", "somewhere", cat="transition"),
        step("f", "transition"),
    )
    kinds = [each.kind for each in graph.steps]
    assert kinds == [Kind.MARKER, Kind.MARKER, Kind.BRANCH, Kind.BRANCH, Kind.MARKER, Kind.MARKER]


def test_a_marker_deleted_from_a_newer_file_leaves_a_dangling_branch():
    graph = graph_of(
        condition("if", ["Yes"], ["if-0", "none"]),
        step("none", "if_else", nodeType="branch-no", attributes={"else": True}),
        step("a", parentKey="if-0"),
    )
    assert [(d.target, d.kind, d.label) for d in graph.dangling] == [
        ("if-0", EdgeKind.BRANCH, "Yes")
    ]
    assert not graph.is_reachable(next(each for each in graph.steps if each.id == "a"))


def test_older_files_have_no_markers_and_children_name_their_branch():
    graph = graph_of(
        condition("if", ["Yes", "Maybe"], ["if-0", "if-1", "none"]),
        step("second", order=1, parentKey="if-0"),
        step("first", order=0, next="second", parentKey="if-0"),
        step("rest", parentKey="none"),
    )
    assert edges(graph) == [
        ("first", "second", "next", ""),
        ("if", "first", "branch", "Yes"),
        ("if", "rest", "branch", "Otherwise"),
    ]
    assert graph.dangling == []
    assert graph.connections == 4


def test_empty_branch_of_an_older_file_is_not_dangling():
    graph = graph_of(
        condition("if", ["Yes", "No"], ["if-0", "if-1", "none"]), step("a", parentKey="if-0")
    )
    assert edges(graph) == [("if", "a", "branch", "Yes")]
    assert graph.dangling == []


def test_older_container_without_next_finds_its_children_by_branch():
    graph = graph_of(condition("if", ["Yes", "No"], None), step("a", parentKey="if-1"))
    assert edges(graph) == [("if", "a", "branch", "No")]
    assert graph.connections == 0


def test_unnamed_id_before_the_last_is_dangling_in_an_older_file_too():
    graph = graph_of(
        condition("if", ["Yes"], ["stray", "if-0", "none"]), step("a", parentKey="if-0")
    )
    assert [loose.target for loose in graph.dangling] == ["stray"]


def test_parent_key_names_a_branch_where_next_goes_straight_to_the_child():
    graph = graph_of(
        condition("if", ["Yes", "No"], ["a", "b"]), step("a", parentKey="if-0"), step("b")
    )
    assert ("if", "a", "branch", "Yes") in edges(graph)


def test_transitions_left_behind_in_a_linear_step_make_no_branch():
    attributes = {
        "type": "reply",
        "convertToMultipath": False,
        "transitions": [{"id": "t1", "name": "Reply", "condition": "primary"}],
    }
    graph = graph_of(step("w", "wait", "b", attributes=attributes), step("b"))
    assert edges(graph) == [("w", "b", "next", "")]


def test_deleted_follower_of_such_a_step_is_dangling_and_its_child_not_adopted():
    attributes = {"type": "reply", "transitions": [{"id": "t1", "name": "Reply"}]}
    graph = graph_of(step("w", "wait", "b", attributes=attributes), step("c", parentKey="b"))
    assert edges(graph) == []
    assert [loose.target for loose in graph.dangling] == ["b"]


def test_splits_and_finders_branch_by_their_transitions():
    attributes = {
        "convertToMultipath": True,
        "transitions": [{"id": "y", "name": "Contact Found"}, {"id": "n", "name": "Not Found"}],
    }
    graph = graph_of(
        step("f", "find_contact", ["y", "n"], attributes=attributes),
        step("y", "transition", "a"),
        step("n", "transition"),
        step("a"),
    )
    assert edges(graph) == [
        ("f", "n", "branch", "Not Found"),
        ("f", "y", "branch", "Contact Found"),
        ("y", "a", "next", ""),
    ]
    assert Trait.MULTIPATH in graph.steps[1].spec.traits


# -- gotos -------------------------------------------------------------------------------------


def test_goto_is_an_edge_of_its_own_kind():
    graph = graph_of(step("a", next="g"), step("g", "goto", attributes={"targetNodeId": "a"}))
    assert ("g", "a", "goto", "") in edges(graph)
    assert graph.connections == 2
    assert entries(graph) == ["a"]


@pytest.mark.parametrize("value", [None, "", 5, {}, [], [None]])
def test_goto_without_a_target_leads_nowhere(value):
    graph = graph_of(step("g", "goto", attributes={"targetNodeId": value}))
    assert graph.edges == []
    assert graph.dangling == []


def test_appointment_wait_may_jump_when_the_date_has_passed():
    attributes = {
        "type": "appointment",
        "appointmentCondition": "specific-step",
        "appointmentSpecificStep": "z",
    }
    graph = graph_of(step("w", "wait", "a", attributes=attributes), step("a"), step("z"))
    assert edges(graph) == [("w", "a", "next", ""), ("w", "z", "goto", "")]


def test_specific_step_is_ignored_unless_it_is_chosen():
    attributes = {"appointmentCondition": "skip", "appointmentSpecificStep": "z"}
    graph = graph_of(step("w", "wait", attributes=attributes), step("z"))
    assert edges(graph) == []
    assert graph.connections == 0
