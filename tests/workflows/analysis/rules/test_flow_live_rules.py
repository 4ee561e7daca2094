"""Edge cases of the rules about disabled steps and names in live workflows."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n
from tests.workflows.analysis.rules.flow_documents import (
    IF,
    ODD,
    START,
    flow_file,
    main,
    node,
    sms,
    to,
)

DISABLED, NAMED = "disabled-step-in-live-flow", "test-workflow-published"
SCHEDULE = "n8n-nodes-base.scheduleTrigger"
FILTER = "n8n-nodes-base.filter"
FAILED = "n8n-nodes-base.errorTrigger"
MANUAL = START


def started_by(*triggers, **doc):
    """n8n: these triggers, all of which lead to one step."""
    connections = {trigger["name"]: main(to("Do")) for trigger in triggers}
    return n8n([*triggers, node("Do")], connections, **doc)


def off(step):
    return {**step, "advanceCanvasMeta": {"isDisabled": True}}


def form(key="t", **more):
    return {"id": key, "type": "form_submission", "name": "Contact form", **more}


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
    assert len(findings(document, "no-active-trigger")) == 1


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
        disabled=True,
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


@pytest.mark.parametrize("odd", [each for each in ODD if each is not True])
def test_a_disabled_flag_of_the_wrong_type_disables_nothing(odd):
    nodes = [node("Each", SCHEDULE), node("Do", disabled=odd)]
    assert findings(n8n(nodes, {"Each": main(to("Do"))}), DISABLED) == []
    steps = [sms("a", "b"), {**sms("b"), "advanceCanvasMeta": odd}]
    assert findings(highlevel(steps), DISABLED) == []


# -- test-workflow-published -------------------------------------------------------------------


TRIALS = """Test|My test workflow|Lead intake TEST|lead_test|Test2|test 3|[TEST] Lead intake|Sandbox
Lead intake (copy)|Copy of Lead intake|Copy - Lead intake|Lead intake copy|Lead intake copy 2
Lead intake - Copy|OLD Lead intake|Lead intake OLD|Lead intake (old)|intake_old|Old welcome sequence
WIP: lead intake|DO NOT USE lead intake|Lead intake (copy 2)|Testing"""
REAL = """Contest winners|Protest|Latest news|Gold members|Photocopy|Household|Copyright check
Attestation|Testimonial request|Golden retriever club|Scaffold quote|Detest|Bold claims|Intestate
Delete old files|Copy rows to Sheets|Write ad copy|Generate email copy|Copywriting brief
Test drive booking|A/B test winner|Old leads reactivation|Blood test results|Sandboxes for rent
Backup workflows to GitHub|Draft replies to e-mails|Lead intake|"""


@pytest.mark.parametrize("name", TRIALS.replace("\n", "|").split("|"))
def test_a_live_workflow_named_as_a_trial_is_reported(name):
    [finding] = findings(highlevel([sms("a")], name=name), NAMED)
    assert finding.severity == "low"
    assert len(findings(started_by(node("Each", SCHEDULE), name=name), NAMED)) == 1


@pytest.mark.parametrize("name", REAL.replace("\n", "|").split("|"))
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
