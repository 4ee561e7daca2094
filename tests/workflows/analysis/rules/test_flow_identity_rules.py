"""Edge cases of the rules about names and ids that two steps share."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n
from tests.workflows.analysis.rules.flow_documents import (
    NOTE,
    SET,
    flow_file,
    module,
    node,
    scenario,
    sms,
)

NAME, ID = "duplicate-step-name", "duplicate-step-id"


# -- duplicate-step-name -----------------------------------------------------------------------


def test_nodes_that_share_a_name_are_one_finding_per_name():
    nodes = [node("A"), node("A", id="2"), node("A", id="3"), node("B"), node("B", id="b2")]
    found = findings(n8n(nodes, {}), NAME)
    assert {finding.node_ids for finding in found} == {("2", "3", "a"), ("b", "b2")}
    assert {finding.severity for finding in found} == {"high"}


def test_a_disabled_node_that_shares_its_name_with_another_is_reported():
    assert len(findings(n8n([node("A"), node("A", id="2", disabled=True)], {}), NAME)) == 1


@pytest.mark.parametrize("kind", [SET, NOTE])
def test_a_note_that_shares_its_name_is_refused_by_n8n_as_well(kind):
    nodes = [node("A", kind), node("A", NOTE, id="2"), node("B"), node("C", NOTE)]
    [finding] = findings(n8n(nodes, {}), NAME)
    assert set(finding.node_ids) == {"a", "2"}


@pytest.mark.parametrize(
    "nodes",
    [
        [node("A"), node("a", id="2")],
        [node("A"), node("A ", id="2")],
        [node("A"), node("A1")],
        [node("A", disabled=True), node("A", id="2", disabled=True)],
        [{**node("A"), "name": None}, {**node("B"), "name": None}],
        [{**node("A"), "name": ""}, {**node("B"), "name": ""}],
        [{**node("A"), "name": ["A"]}, {**node("B"), "name": ["A"]}],
    ],
)
def test_names_that_differ_or_say_nothing_are_no_duplicates(nodes):
    assert findings(n8n(nodes, {}), NAME) == []


def test_highlevel_steps_may_share_a_name():
    assert findings(highlevel([sms("a", "b"), sms("b", name="A")]), NAME) == []


# -- duplicate-step-id -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        highlevel([sms("a", "b"), sms("b"), sms("b", name="Other")]),
        n8n([node("A", id="1"), node("B", id="1")], {}),
        flow_file({"id": "f", "type": "function"}, {"id": "f", "type": "debug"}),
        scenario(module(1, "gateway:CustomWebHook"), module(2), module(2)),
        scenario(
            module(1, "gateway:CustomWebHook"),
            module(3, "builtin:BasicRouter", routes=[{"flow": [module(2)]}, {"flow": [module(2)]}]),
        ),
    ],
)
def test_steps_that_share_an_id_are_reported_on_every_platform(document):
    [finding] = findings(document, ID)
    assert finding.severity == "high"
    assert len(finding.node_ids) == 2


def test_three_steps_with_one_id_are_one_finding():
    document = n8n([node(name, id="1") for name in "ABC"], {})
    [finding] = findings(document, ID)
    assert len(finding.node_ids) == 3


def test_the_second_step_with_an_id_is_not_called_lost_as_well():
    document = highlevel([sms("a", "b"), sms("b"), sms("b", name="Other")])
    assert findings(document, "orphan-step") == []
    assert findings(document, "unreachable-step") == []


@pytest.mark.parametrize(
    "document",
    [
        n8n([{**node("A"), "id": ""}, {**node("B"), "id": ""}], {}),
        n8n([{**node("A"), "id": None}, {**node("B"), "id": None}], {}),
        n8n([node("A", id="x"), node("B", id="X")], {}),
        highlevel([{"type": "sms", "attributes": {}}, {"type": "sms", "attributes": {}}]),
        scenario(module(1, "gateway:CustomWebHook"), module(2), module(12)),
        flow_file({"id": "f", "type": "function"}, {"id": "g", "type": "function"}),
    ],
)
def test_ids_that_differ_or_are_missing_are_no_duplicates(document):
    assert findings(document, ID) == []


def test_a_trigger_and_a_step_may_share_an_id():
    trigger = {"id": "a", "type": "form_submission", "active": True}
    assert findings(highlevel([sms("a")], [trigger]), ID) == []
