"""n8n documents: what is recognised, what is found in it, and what the graph says as a whole."""

import pytest

from apps.workflows.analysis.graph import Kind, Need
from apps.workflows.platforms import n8n
from apps.workflows.platforms.base import MAX_STEPS, Source, UnsupportedDefinition

SET = "n8n-nodes-base.set"
START = {"id": "t", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1}
FLOW = {"id": "w1", "name": "Flow", "nodes": [START], "connections": {}}


def node(name, node_type=SET, **more):
    return {"id": f"id-{name}", "name": name, "type": node_type, "typeVersion": 1, **more}


def to(*names):
    return {"main": [[{"node": name, "type": "main", "index": 0} for name in names]]}


def graph(nodes, connections=None, **more):
    return n8n.translate(Source({"nodes": nodes, "connections": connections or {}, **more}))


def found(document):
    return [(source.name, source.external_id) for source in n8n.split(document).sources]


# -- documents ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        FLOW,
        [FLOW],
        {"data": [FLOW], "nextCursor": None},
        {"data": FLOW},
        {"workflow": FLOW},
        {"workflows": [FLOW]},
        {"workflow": {"id": 9, "name": "Record", "workflow": FLOW}},
        {"nodes": [START]} | {"name": "Flow", "id": "w1"},
    ],
    ids=["one", "list", "api list", "api", "wrapped", "library list", "library", "no connections"],
)
def test_workflow_is_found_in_whatever_it_is_wrapped_in(document):
    assert n8n.recognise(document)
    assert found(document) == [("Flow", "w1")]
    assert n8n.split(document).platform == n8n.ID


def test_record_around_a_workflow_gives_it_the_name_and_id_it_lacks():
    document = {
        "workflow": {
            "id": 1234,
            "name": "Record",
            "workflow": {"nodes": [START], "connections": {}},
        }
    }
    assert found(document) == [("Record", "1234")]


def test_all_workflows_of_a_list_are_found_and_values_that_are_no_objects_are_passed_over():
    assert found([FLOW, None, 3, FLOW | {"name": "Second", "id": 7}]) == [
        ("Flow", "w1"),
        ("Second", "7"),
    ]


def test_list_entry_that_is_no_workflow_is_refused_and_not_left_out():
    with pytest.raises(UnsupportedDefinition) as refused:
        n8n.split({"data": [FLOW, {"id": "w2", "name": "Without content"}]})
    assert refused.value.place == "data[1]"


@pytest.mark.parametrize(
    "document",
    [
        None,
        "nodes",
        [],
        {},
        {"nodes": []},
        {"nodes": [{"id": "a", "type": "trigger"}], "edges": []},
        {"workflows": [{"name": "n8n-nodes-base.set", "nodes": [{"name": "n8n-nodes-base.set"}]}]},
        {"workflowData": {"templates": [{"id": "a", "type": "sms", "next": "b"}]}},
        [{"id": "1", "type": "tab", "label": "Flow"}, {"id": "2", "type": "inject", "wires": [[]]}],
        {"name": "Scenario", "flow": [{"id": 1, "module": "http:ActionSendData"}], "metadata": {}},
        {"workflow": {"workflow": {"workflow": {"workflow": {"workflow": FLOW}}}}},
    ],
)
def test_other_documents_are_not_taken_for_n8n(document):
    assert not n8n.recognise(document)
    with pytest.raises(UnsupportedDefinition):
        n8n.split(document)


def test_too_many_nodes_are_refused_with_both_numbers():
    nodes = [{"id": str(n)} for n in range(MAX_STEPS + 1)]
    for refuse in (n8n.split, lambda document: n8n.translate(Source(document))):
        with pytest.raises(UnsupportedDefinition, match=r"25,001 nodes; at most 25,000"):
            refuse({"nodes": nodes, "connections": {}})
    assert len(n8n.translate(Source({"nodes": nodes[1:], "connections": {}})).steps) == MAX_STEPS


@pytest.mark.parametrize("definition", [None, [], "x", 5])
def test_definition_that_is_no_object_is_refused(definition):
    with pytest.raises(UnsupportedDefinition):
        n8n.translate(Source(definition))


# -- the workflow as a whole -------------------------------------------------------------------


def test_name_id_and_state_come_from_the_file_and_else_from_around_it():
    named = n8n.translate(Source(FLOW | {"active": True}, "Around", "x"))
    assert (named.platform, named.name, named.id, named.active) == ("n8n", "Flow", "w1", True)
    bare = n8n.translate(Source({"nodes": [], "connections": {}, "active": "yes"}, "Around", "x"))
    assert (bare.name, bare.id, bare.active) == ("Around", "x", False)


def test_settings_hold_time_zone_and_error_workflow():
    settings = {"timezone": "Europe/Berlin", "errorWorkflow": "w9", "executionOrder": "v1"}
    read = graph([START], settings=settings).settings
    assert (read.timezone, read.error_workflow, read.raw) == ("Europe/Berlin", "w9", settings)


@pytest.mark.parametrize("value", ["", "DEFAULT", None, 5, {}])
def test_error_workflow_that_is_none_is_not_taken_for_one(value):
    assert graph([START], settings={"errorWorkflow": value}).settings.error_workflow is None


@pytest.mark.parametrize("nodes", [{}, None, "x", 5])
def test_missing_list_of_nodes_is_said_and_not_taken_for_an_empty_workflow(nodes):
    empty = graph(nodes)
    assert empty.steps == []
    assert Need.CONTENT in empty.missing
    assert Need.CONTENT not in graph([]).missing


# -- entries -----------------------------------------------------------------------------------


def test_every_trigger_is_an_entry_also_a_disabled_one():
    read = graph([START, node("Hook", "n8n-nodes-base.webhook", disabled=True), node("A")])
    assert [read.steps[index].name for index in read.entries] == ["Hook", "Start"]
    assert Need.TRIGGERS not in read.missing


def test_workflow_without_trigger_starts_where_nothing_leads_to():
    read = graph([node("A"), node("B"), node("C"), node("Alone")], {"A": to("B"), "B": to("C")})
    assert [read.steps[index].name for index in read.entries] == ["A"]
    assert read.missing == {Need.TRIGGERS: "the file holds no trigger"}


def test_circle_without_trigger_is_reachable_all_the_same():
    read = graph([node("A"), node("B")], {"A": to("B"), "B": to("A")})
    assert len(read.entries) == 1
    assert all(read.is_reachable(step) for step in read.steps)


def test_step_of_unknown_type_may_be_a_trigger_if_nothing_leads_to_it():
    nodes = [
        START,
        node("New mail", "n8n-nodes-mine.mail"),
        node("A"),
        node("B", "n8n-nodes-mine.b"),
    ]
    read = graph(nodes, {"New mail": to("A"), "A": to("B")})
    assert [read.steps[index].name for index in read.entries] == ["New mail", "Start"]
    assert Need.TRIGGERS not in read.missing


# -- order and identity ------------------------------------------------------------------------


def test_steps_are_ordered_by_id_whatever_their_order_in_the_file():
    nodes = [node(name) for name in "CAB"]
    assert [step.name for step in graph(nodes).steps] == ["A", "B", "C"]
    assert [step.name for step in graph(nodes[::-1]).steps] == ["A", "B", "C"]


def test_step_keeps_its_own_id():
    assert [step.id for step in graph([node("A")]).steps] == ["id-A"]


@pytest.mark.parametrize("own", [None, 5, "", ["x"]])
def test_step_without_a_usable_id_goes_by_its_name(own):
    assert [step.id for step in graph([node("A") | {"id": own}]).steps] == ["A"]


def test_shared_ids_are_replaced_by_names_and_reported():
    read = graph([node("A") | {"id": "x"}, node("B") | {"id": "x"}, node("C")])
    assert {step.name: step.id for step in read.steps} == {"A": "A", "B": "B", "C": "id-C"}
    shared = read.duplicate_ids["x"]
    assert [read.steps[index].name for index in shared] == ["A", "B"]


def test_steps_without_id_and_name_of_their_own_are_numbered():
    read = graph([{"type": SET}, {"type": SET, "name": "A"}, {"type": SET, "name": "A"}, node("B")])
    assert sorted(step.id for step in read.steps) == ["id-B", "node-1", "node-2", "node-3"]


def test_made_up_ids_never_meet_real_ones():
    nodes = [{"type": SET}, {"type": SET}, {"id": "node-1"}, {"id": "A"}, {"name": "A"}]
    ids = [step.id for step in graph(nodes).steps]
    assert len(set(ids)) == len(ids)


def test_shared_names_are_reported_and_lead_to_the_first_step():
    read = graph([node("A", id="2"), node("A", id="1"), START], {"Start": to("A")})
    assert read.duplicate_names == {"A": [0, 1]}
    assert [read.steps[edge.target].id for edge in read.edges] == ["1"]


def test_note_never_counts_as_a_second_step_of_a_name_nor_takes_its_connections():
    note = node("A", "n8n-nodes-base.stickyNote", id="0")
    read = graph([note, node("A"), START], {"Start": to("A")})
    assert read.duplicate_names == {}
    assert [read.steps[edge.target].spec.kind for edge in read.edges] == [Kind.STEP]
