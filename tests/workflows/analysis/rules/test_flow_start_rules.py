"""Edge cases of the rule about workflows that nothing can start."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n
from tests.workflows.analysis.rules.flow_documents import (
    ODD,
    START,
    flow_file,
    main,
    node,
    sms,
    to,
    unchecked,
)

NO_TRIGGER = "no-active-trigger"
SCHEDULE = "n8n-nodes-base.scheduleTrigger"
CALLED = "n8n-nodes-base.executeWorkflowTrigger"
FAILED = "n8n-nodes-base.errorTrigger"
MANUAL = START


def started_by(*triggers, **doc):
    """n8n: these triggers, all of which lead to one step."""
    connections = {trigger["name"]: main(to("Do")) for trigger in triggers}
    return n8n([*triggers, node("Do")], connections, **doc)


def form(key="t", **more):
    return {"id": key, "type": "form_submission", "name": "Contact form", **more}


def enrol(key, workflow):
    attributes = {"workflow_id": workflow}
    return {"id": key, "type": "add_to_workflow", "name": "Enrol", "attributes": attributes}


def bundle(*workflows):
    """An account bundle: several workflows and a list that only an account's export has."""
    return {"workflows": list(workflows), "customValues": []}


def workflow(key, steps, triggers, **more):
    return {
        "workflow": highlevel(steps, id=key, name=key, **more),
        "triggers": triggers,
        "source": {"workflowId": key},
    }


# -- HighLevel ---------------------------------------------------------------------------------


def test_a_workflow_whose_triggers_are_all_inactive_is_reported():
    document = highlevel([sms("a")], [form(active=False), form("u", status="draft")])
    [finding] = findings(document, NO_TRIGGER)
    assert finding.severity == "high"
    assert finding.node_ids == ("t", "u")


def test_one_active_trigger_is_enough():
    assert findings(highlevel([sms("a")], [form(active=False), form("u")]), NO_TRIGGER) == []


def test_an_active_trigger_of_a_type_we_do_not_know_is_enough():
    trigger = {"id": "t", "type": "brand_new_trigger", "active": True}
    assert findings(highlevel([sms("a")], [trigger]), NO_TRIGGER) == []


def test_triggers_that_are_not_in_the_file_are_not_checked():
    document = highlevel([sms("a")])
    assert findings(document, NO_TRIGGER) == []
    assert unchecked(document, NO_TRIGGER)


def test_an_empty_list_in_a_single_file_is_not_checked():
    document = highlevel([sms("a")], [])
    assert findings(document, NO_TRIGGER) == []
    assert unchecked(document, NO_TRIGGER)


def test_an_empty_list_in_an_account_whose_other_workflows_do_not_enrol_is_reported():
    document = bundle(
        workflow("one", [sms("a")], []), workflow("two", [enrol("b", "three")], [form()])
    )
    [finding] = findings(document, NO_TRIGGER)
    assert finding.node_ids == ("a",)


def test_a_workflow_that_another_one_of_the_account_enrols_into_is_started_by_it():
    document = bundle(
        workflow("one", [sms("a")], []), workflow("two", [enrol("b", "one")], [form()])
    )
    assert findings(document, NO_TRIGGER) == []


def test_a_workflow_that_only_enrols_into_itself_is_not_started():
    document = bundle(workflow("one", [enrol("a", "one")], []), workflow("two", [], [form()]))
    assert len(findings(document, NO_TRIGGER)) == 1


def test_inactive_triggers_do_not_matter_where_another_workflow_enrols():
    document = bundle(
        workflow("one", [sms("a")], [form(active=False)]),
        workflow("two", [enrol("b", "one")], [form()]),
    )
    assert findings(document, NO_TRIGGER) == []


def test_several_workflows_without_account_lists_may_be_a_selection():
    document = {"workflows": [workflow("one", [sms("a")], []), workflow("two", [], [form()])]}
    assert findings(document, NO_TRIGGER) == []


@pytest.mark.parametrize("odd", ODD)
def test_an_active_flag_of_the_wrong_type_counts_as_active(odd):
    assert findings(highlevel([sms("a")], [form(active=odd)]), NO_TRIGGER) == []


# -- n8n ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("active", [True, False])
def test_n8n_with_all_triggers_disabled_is_reported(active):
    document = started_by(
        node("Every hour", SCHEDULE, disabled=True), node("Start", MANUAL, disabled=True),
        active=active,
    )  # fmt: skip
    [finding] = findings(document, NO_TRIGGER)
    assert finding.node_ids == ("every hour", "start")


def test_an_active_workflow_with_nothing_but_a_manual_trigger_is_reported():
    [finding] = findings(started_by(node("Start", MANUAL)), NO_TRIGGER)
    assert "“Start”" in finding.message


def test_an_active_workflow_whose_real_trigger_is_disabled_beside_a_manual_one_is_reported():
    document = started_by(node("Start", MANUAL), node("Every hour", SCHEDULE, disabled=True))
    assert len(findings(document, NO_TRIGGER)) == 1


@pytest.mark.parametrize("doc", [{"active": False}, {"active": None}])
def test_a_manual_trigger_alone_is_fine_while_inactive(doc):
    assert findings(started_by(node("Start", MANUAL), **doc), NO_TRIGGER) == []


@pytest.mark.parametrize("kind", [SCHEDULE, CALLED, FAILED, "n8n-nodes-x.thingTrigger"])
@pytest.mark.parametrize("active", [True, False])
def test_a_trigger_that_something_else_starts_is_enough(kind, active):
    document = started_by(node("Start", MANUAL), node("Other", kind), active=active)
    assert findings(document, NO_TRIGGER) == []
    assert findings(started_by(node("Other", kind), active=active), NO_TRIGGER) == []


def test_n8n_steps_without_a_trigger_are_not_checked():
    document = n8n([node("A"), node("B")], {"A": main(to("B"))})
    assert findings(document, NO_TRIGGER) == []
    assert unchecked(document, NO_TRIGGER)


def test_a_node_type_we_do_not_know_may_be_the_trigger():
    nodes = [node("Start", MANUAL), node("Pull", "n8n-nodes-x.pull"), node("Do")]
    document = n8n(nodes, {"Pull": main(to("Do")), "Start": main(to("Do"))})
    assert findings(document, NO_TRIGGER) == []


# -- Node-RED ----------------------------------------------------------------------------------


def test_node_red_with_all_sources_disabled_is_reported():
    document = flow_file(
        {"id": "i", "type": "inject", "d": True, "repeat": "60", "wires": [["d"]]},
        {"id": "d", "type": "debug"},
    )
    [finding] = findings(document, NO_TRIGGER)
    assert finding.node_ids == ("i",)


@pytest.mark.parametrize(
    "source",
    [
        {"type": "inject"},
        {"type": "inject", "repeat": "60"},
        {"type": "http in", "method": "get", "url": "/x"},
        {"type": "mqtt in"},
        {"type": "link in"},
        {"type": "ui_button"},
    ],
)
def test_any_node_that_starts_a_flow_is_enough(source):
    document = flow_file(
        {"id": "s", "wires": [["d"]], **source}, {"id": "d", "type": "debug"},
        {"id": "x", "type": "inject", "d": True},
    )  # fmt: skip
    assert findings(document, NO_TRIGGER) == []


def test_a_tab_that_is_switched_off_as_a_whole_is_no_fault():
    document = flow_file(
        {"id": "i", "type": "inject", "wires": [["d"]]},
        {"id": "d", "type": "debug"},
        disabled=True,
    )
    assert findings(document, NO_TRIGGER) == []


def test_a_piece_of_node_red_without_a_source_is_not_checked():
    document = flow_file(
        {"id": "f", "type": "function", "wires": [["d"]]}, {"id": "d", "type": "debug"}
    )
    assert findings(document, NO_TRIGGER) == []
    assert unchecked(document, NO_TRIGGER)
