"""Edge cases of workflows that start each other in a circle."""

import pytest

from tests.workflows.analysis.agency import (
    chain,
    days,
    flow,
    made,
    reported,
    started,
    text_message,
)
from tests.workflows.analysis.rules.account_cycles_parts import (
    BOTH_HIGH,
    RULE,
    enrol,
    on_tag,
    pair,
    severities,
    tag,
)

BOTH_CRITICAL = {"A": ["critical"], "B": ["critical"]}


def test_enrolling_each_other_is_critical_in_both_workflows():
    found = reported(pair([enrol("B")], [enrol("A")]), RULE)
    assert set(found) == {"A", "B"}
    (hit,) = found["A"]
    assert hit.severity == "critical"
    assert hit.confidence == "firm"
    assert hit.node_ids == ("go",)
    assert hit.path == ("go",)
    assert "“Second”" in hit.message


def test_tags_that_start_each_other_are_high_and_name_step_and_trigger():
    bundle = pair(
        [text_message("hi", "Hi", "welcome"), tag("y")], [tag("x")], [on_tag("x")], [on_tag("y")]
    )
    found = reported(bundle, RULE)
    assert set(found) == {"A", "B"}
    (hit,) = found["A"]
    assert hit.severity == "high"
    assert hit.node_ids == ("tag", "t1")
    assert hit.path == ("t1", "hi", "tag")
    assert "adds the tag “y”" in hit.message


def test_a_circle_of_enrolments_and_a_tag_is_high():
    assert severities(pair([enrol("B")], [tag("x")], [on_tag("x")])) == BOTH_HIGH


def test_an_enrolment_beside_a_tag_still_makes_it_critical():
    bundle = pair([enrol("B")], [tag("x"), enrol("A")], [on_tag("x")])
    assert severities(bundle) == BOTH_CRITICAL


def test_fields_and_stages_close_circles_too():
    write = made(
        "update_contact_field", "f", "Mark hot",
        actionType="update_field_data",
        fields=[{"field": "temperature", "value": "hot"}],
    )  # fmt: skip
    on_field = started("contact_changed", "t1", "Hot", contact__temperature="hot")
    assert severities(pair([enrol("B")], [write], [on_field])) == BOTH_HIGH
    move = made(
        "internal_update_opportunity", "m", "Move",
        __customInputFields__=[{"filterField": "pipelineStageId", "value": "S1"}],
    )  # fmt: skip
    on_stage = started("pipeline_stage_updated", "t1", "Stage", opportunity__pipelineStageId="S1")
    assert severities(pair([enrol("B")], [move], [on_stage])) == BOTH_HIGH


def test_a_long_circle_is_one_finding_in_each_of_its_workflows():
    keys = [f"W{n}" for n in range(9)]
    flows = [
        flow(key, f"Flow {key}", [enrol(after)], [])
        for key, after in zip(keys, keys[1:] + keys[:1], strict=True)
    ]
    found = reported({"workflows": flows}, RULE)
    assert {key: len(hits) for key, hits in found.items()} == dict.fromkeys(keys, 1)
    assert "4 more" in found["W0"][0].message


def test_scalar_and_list_enrolments_are_the_same():
    back = made("add_to_workflow", "go", "Back", workflow_id=["A", "elsewhere"])
    assert severities(pair([enrol("B")], [back])) == BOTH_CRITICAL


def test_only_the_workflows_on_the_circle_are_reported():
    bundle = pair([enrol("B")], [enrol("A")])
    bundle["workflows"].append(flow("C", "Feeder", [enrol("A")], []))
    bundle["workflows"].append(flow("D", "Sink", [tag("z")], [on_tag("x")]))
    assert set(reported(bundle, RULE)) == {"A", "B"}


def test_a_reentry_that_is_off_is_said():
    bundle = pair([enrol("B")], [enrol("A")])
    bundle["workflows"][1]["allowMultiple"] = False
    (hit,) = reported(bundle, RULE)["A"]
    assert "“Allow Re-entry” is off in “Second”" in hit.message


def reply_wait(primary, late):
    """A wait for a reply with a timeout: where it goes on either way."""
    transitions = [
        {"id": "m1", "name": "Reply", "condition": "primary", "attributes": {"type": "wait_reply"}},
        {
            "id": "m2",
            "name": "Late",
            "condition": "timeout",
            "attributes": {"type": "wait_timeout"},
        },
    ]
    wait = made(
        "wait", "w", "Until they answer", ["m1", "m2"],
        type="reply", convertToMultipath=True, transitions=transitions,
    )  # fmt: skip
    wait["cat"] = "multi-path"
    markers = [
        {"id": each["id"], "type": "transition", "name": each["name"], "cat": "transition",
         "attributes": each["attributes"], "next": target, "parentKey": "w"}
        for each, target in zip(transitions, (primary, late), strict=True)
    ]  # fmt: skip
    return [{**one, "order": n} for n, one in enumerate([wait, *markers])]


def test_a_wait_for_a_reply_without_timeout_breaks_the_circle():
    wait = made("wait", "w", "Answer", type="reply")
    assert severities(pair([enrol("B")], [wait, enrol("A")])) == {}


def test_leaving_by_the_reply_branch_breaks_the_circle():
    steps = [*reply_wait("go", None), enrol("A"), text_message("end", "Bye", "bye")]
    bundle = pair([enrol("B")], [tag("q")])
    bundle["workflows"][1]["workflowData"]["templates"] = steps
    assert severities(bundle) == {}


def test_leaving_by_the_timeout_does_not():
    steps = [*reply_wait("bye", "go"), enrol("A"), text_message("bye", "Bye", "bye")]
    bundle = pair([enrol("B")], [tag("q")])
    bundle["workflows"][1]["workflowData"]["templates"] = steps
    assert severities(bundle) == BOTH_CRITICAL
    (hit,) = reported(bundle, RULE)["B"]
    assert hit.path == ("w", "m2", "go")


def test_one_path_around_the_wait_keeps_the_circle():
    steps = [
        *chain(made("workflow_split", "s", "Split", ["w", "go"], paths=[])),
        made("wait", "w", "Answer", "go", type="reply"),
        enrol("A"),
    ]
    bundle = pair([enrol("B")], [tag("q")])
    bundle["workflows"][1]["workflowData"]["templates"] = steps
    assert severities(bundle) == BOTH_CRITICAL


@pytest.mark.parametrize("kind", ["manual-call", "manual-sms"])
def test_a_step_done_by_hand_breaks_the_circle(kind):
    assert severities(pair([enrol("B")], [made(kind, "h", "By hand"), enrol("A")])) == {}


@pytest.mark.parametrize(
    "between",
    [
        days("d", 3),
        made("wait", "w", "Click", type="link_clicked"),
        made("wait", "w", "Condition", type="condition"),
        {**made("wait", "w", "Answer", type="reply"), "advanceCanvasMeta": {"isDisabled": True}},
        {**made("manual-call", "h", "Call"), "advanceCanvasMeta": {"isDisabled": True}},
        made("task-notification", "k", "Task", title="Call them", assignedTo="u"),
    ],
)
def test_other_waits_and_switched_off_ones_do_not(between):
    assert severities(pair([enrol("B")], [between, enrol("A")])) == BOTH_CRITICAL
