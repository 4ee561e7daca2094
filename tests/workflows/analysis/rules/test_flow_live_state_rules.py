"""Edge cases of the rules about what is switched on or off, and about names of live workflows."""

import pytest

from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings, highlevel, n8n

SET = "n8n-nodes-base.set"
FILTER = "n8n-nodes-base.filter"
IF = "n8n-nodes-base.if"
MANUAL = "n8n-nodes-base.manualTrigger"
SCHEDULE = "n8n-nodes-base.scheduleTrigger"
CALLED = "n8n-nodes-base.executeWorkflowTrigger"
FAILED = "n8n-nodes-base.errorTrigger"
NO_TRIGGER = "no-active-trigger"
DISABLED = "disabled-step-in-live-flow"
NAMED = "test-workflow-published"
ODD = [None, 0, 7, "false", "x", [], {}, [True]]


def node(name, kind=SET, **more):
    return {
        "id": name.lower(), "name": name, "type": kind, "typeVersion": 2, "position": [0, 0],
        "parameters": {}, **more,
    }  # fmt: skip


def to(*names):
    return [{"node": name, "type": "main", "index": 0} for name in names]


def main(*outputs):
    return {"main": list(outputs)}


def started_by(*triggers, **doc):
    """n8n: these triggers, all of which lead to one step."""
    connections = {trigger["name"]: main(to("Do")) for trigger in triggers}
    return n8n([*triggers, node("Do")], connections, **doc)


def sms(key, following=None, **more):
    raw = {"id": key, "type": "sms", "name": key.title(), "attributes": {"body": "Hi"}, **more}
    return raw if following is None else {**raw, "next": following}


def off(step):
    return {**step, "advanceCanvasMeta": {"isDisabled": True}}


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


def flow_file(*nodes, tab=None):
    placed = [{"z": "tab", "x": 1, "y": 1, "wires": [], **each} for each in nodes]
    return [{"id": "tab", "type": "tab", "label": "Flow", **(tab or {})}, *placed]


def unchecked(document, rule_id):
    [item] = inspect_document(document)
    return [each.reason for each in item.analysis.not_checked if each.rule_id == rule_id]


# -- no-active-trigger: HighLevel --------------------------------------------------------------


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


# -- no-active-trigger: n8n --------------------------------------------------------------------


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


# -- no-active-trigger: Node-RED ---------------------------------------------------------------


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
        tab={"disabled": True},
    )
    assert findings(document, NO_TRIGGER) == []


def test_a_piece_of_node_red_without_a_source_is_not_checked():
    document = flow_file(
        {"id": "f", "type": "function", "wires": [["d"]]}, {"id": "d", "type": "debug"}
    )
    assert findings(document, NO_TRIGGER) == []
    assert unchecked(document, NO_TRIGGER)


# -- disabled-step-in-live-flow ----------------------------------------------------------------


def test_a_disabled_message_in_a_published_workflow_is_low():
    [finding] = findings(highlevel([sms("a", "b"), off(sms("b", "c")), sms("c")]), DISABLED)
    assert finding.node_ids == ("b",)
    assert finding.severity == "low"


@pytest.mark.parametrize("kind", [FILTER, IF])
def test_a_disabled_condition_lets_everybody_through(kind):
    nodes = [node("Each", SCHEDULE), node("Paid", kind, disabled=True), node("Do")]
    [finding] = findings(n8n(nodes, {"Each": main(to("Paid")), "Paid": main(to("Do"))}), DISABLED)
    assert finding.node_ids == ("paid",)
    assert finding.severity == "medium"


def test_a_disabled_consent_check_is_medium():
    check = {"id": "b", "type": "find_contact", "name": "Check SMS consent", "next": "c"}
    [finding] = findings(highlevel([sms("a", "b"), off(check), sms("c")]), DISABLED)
    assert finding.severity == "medium"


def test_a_disabled_error_handler_is_medium():
    nodes = [
        node("Each", SCHEDULE),
        node("Call", onError="continueErrorOutput"),
        node("Tell", disabled=True),
    ]
    [finding] = findings(
        n8n(nodes, {"Each": main(to("Call")), "Call": main([], to("Tell"))}), DISABLED
    )
    assert finding.severity == "medium"


def test_a_disabled_error_trigger_or_catch_is_medium():
    document = started_by(node("Each", SCHEDULE), node("Failed", FAILED, disabled=True))
    assert [each.severity for each in findings(document, DISABLED)] == ["medium"]
    document = flow_file(
        {"id": "i", "type": "inject", "wires": [["d"]]},
        {"id": "d", "type": "debug"},
        {"id": "c", "type": "catch", "d": True, "wires": [["d"]]},
    )
    assert [each.severity for each in findings(document, DISABLED)] == ["medium"]


def test_a_disabled_switch_of_node_red_is_medium():
    document = flow_file(
        {"id": "i", "type": "inject", "wires": [["s"]]},
        {"id": "s", "type": "switch", "d": True, "wires": [["d"]]},
        {"id": "d", "type": "debug"},
    )
    assert [each.severity for each in findings(document, DISABLED)] == ["medium"]


def test_a_disabled_tool_of_an_agent_is_reported():
    nodes = [
        node("Each", SCHEDULE),
        node("Agent", "@n8n/n8n-nodes-langchain.agent"),
        node("Calc", "@n8n/n8n-nodes-langchain.toolCalculator", disabled=True),
    ]
    serves = {"ai_tool": [[{"node": "Agent", "type": "ai_tool", "index": 0}]]}
    assert len(findings(n8n(nodes, {"Each": main(to("Agent")), "Calc": serves}), DISABLED)) == 1


def test_one_of_two_triggers_switched_off_is_reported():
    document = started_by(node("Each", SCHEDULE), node("Hook", SCHEDULE, disabled=True))
    assert [each.node_ids for each in findings(document, DISABLED)] == [("hook",)]


def test_a_switched_off_trigger_is_not_told_twice():
    document = started_by(node("Each", SCHEDULE, disabled=True))
    assert findings(document, DISABLED) == []
    assert len(findings(document, NO_TRIGGER)) == 1


def test_a_switched_off_manual_trigger_is_no_loss():
    document = started_by(node("Each", SCHEDULE), node("Start", MANUAL, disabled=True))
    assert findings(document, DISABLED) == []


def test_an_inactive_highlevel_trigger_is_no_disabled_step():
    assert findings(highlevel([sms("a")], [form(active=False), form("u")]), DISABLED) == []


@pytest.mark.parametrize("status", ["draft", None, "", "archived", 3])
def test_drafts_may_have_disabled_steps(status):
    document = highlevel([sms("a", "b"), off(sms("b"))], status=status)
    assert findings(document, DISABLED) == []


@pytest.mark.parametrize("active", [False, None, "true", 1])
def test_inactive_n8n_workflows_may_have_disabled_steps(active):
    nodes = [node("Each", SCHEDULE), node("Do", disabled=True)]
    assert findings(n8n(nodes, {"Each": main(to("Do"))}, active=active), DISABLED) == []


def test_a_disabled_tab_is_no_live_flow():
    document = flow_file(
        {"id": "i", "type": "inject", "wires": [["d"]]},
        {"id": "d", "type": "debug", "d": True},
        tab={"disabled": True},
    )
    assert findings(document, DISABLED) == []


def test_disabled_notes_and_parked_steps_are_no_loss():
    nodes = [
        node("Each", SCHEDULE),
        node("Do"),
        node("Note", "n8n-nodes-base.stickyNote", disabled=True),
        node("Parked", disabled=True),
    ]
    assert findings(n8n(nodes, {"Each": main(to("Do"))}), DISABLED) == []


def test_a_debug_node_whose_output_is_off_is_not_disabled():
    document = flow_file(
        {"id": "i", "type": "inject", "wires": [["d"]]},
        {"id": "d", "type": "debug", "active": False},
    )
    assert findings(document, DISABLED) == []


@pytest.mark.parametrize("odd", ODD)
def test_a_disabled_flag_of_the_wrong_type_disables_nothing(odd):
    nodes = [node("Each", SCHEDULE), node("Do", disabled=odd)]
    assert findings(n8n(nodes, {"Each": main(to("Do"))}), DISABLED) == []
    steps = [sms("a", "b"), {**sms("b"), "advanceCanvasMeta": odd}]
    assert findings(highlevel(steps), DISABLED) == []


# -- test-workflow-published -------------------------------------------------------------------

TRIALS = """Test|My test workflow|Lead intake TEST|lead_test|Test2|test 3|[TEST] Lead intake|Sandbox
Lead intake (copy)|Copy of Lead intake|Copy - Lead intake|Lead intake copy|Lead intake copy 2
Lead intake - Copy|OLD Lead intake|Lead intake OLD|Lead intake (old)|intake_old|Old welcome sequence
WIP: lead intake|DO NOT USE lead intake|Lead intake (copy 2)|Testing""".replace("\n", "|").split(
    "|"
)
REAL = """Contest winners|Protest|Latest news|Gold members|Photocopy|Household|Copyright check
Attestation|Testimonial request|Golden retriever club|Scaffold quote|Detest|Bold claims|Intestate
Delete old files|Copy rows to Sheets|Write ad copy|Generate email copy|Copywriting brief
Test drive booking|A/B test winner|Old leads reactivation|Blood test results|Sandboxes for rent
Backup workflows to GitHub|Draft replies to e-mails|Lead intake|""".replace("\n", "|").split("|")


@pytest.mark.parametrize("name", TRIALS)
def test_a_live_workflow_named_as_a_trial_is_reported(name):
    [finding] = findings(highlevel([sms("a")], name=name), NAMED)
    assert finding.severity == "low"
    assert len(findings(started_by(node("Each", SCHEDULE), name=name), NAMED)) == 1


@pytest.mark.parametrize("name", REAL)
def test_names_of_real_work_are_not_reported(name):
    assert findings(highlevel([sms("a")], name=name), NAMED) == []


@pytest.mark.parametrize("name", ["Test", "Lead intake (copy)", "Old flow"])
def test_trials_that_are_not_live_may_be_named_so(name):
    assert findings(highlevel([sms("a")], name=name, status="draft"), NAMED) == []
    for active in (False, None):
        document = started_by(node("Each", SCHEDULE), name=name, active=active)
        assert findings(document, NAMED) == []


@pytest.mark.parametrize("name", [None, 3, ["test"], {"a": "test"}])
def test_a_name_of_the_wrong_type_is_no_name(name):
    assert findings(highlevel([sms("a")], name=name), NAMED) == []


def test_a_step_named_test_says_nothing_about_the_workflow():
    assert findings(highlevel([sms("a", name="Test")]), NAMED) == []


def test_a_very_long_name_is_looked_at_in_no_time():
    assert len(findings(highlevel([sms("a")], name="old-" * 500_000), NAMED)) == 1
