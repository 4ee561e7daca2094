"""Edge cases of workflows that start each other in a circle."""

import pytest

from tests.workflows.analysis.agency import (
    JSON,
    agency,
    appointment,
    chain,
    days,
    flow,
    inspected,
    made,
    reasons,
    reported,
    started,
    step,
    text_message,
    workflow,
)

RULE = "workflow-cycle"


def enrol(target, key="go"):
    return made("add_to_workflow", key, f"On to {target}", workflow_id=target)


def tag(name, key="tag"):
    return made("add_contact_tag", key, f"Add {name}", tags=[name])


def on_tag(name, **filters):
    return started("contact_tag", "t1", f"Tag {name}", tagsAdded=name, **filters)


def pair(first, second, triggers_a=(), triggers_b=(), **lists) -> JSON:
    """Two workflows, A and B, of these steps."""
    flows = [
        flow("A", "First", chain(*first), list(triggers_a)),
        flow("B", "Second", chain(*second), list(triggers_b)),
    ]
    return {"workflows": flows, **lists}


def severities(bundle):
    found = reported(bundle, RULE)
    return {key: [each.severity.value for each in hits] for key, hits in found.items()}


BOTH_CRITICAL = {"A": ["critical"], "B": ["critical"]}
BOTH_HIGH = {"A": ["high"], "B": ["high"]}


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


# -- waits for a reply and manual steps ----------------------------------------------------


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


def test_a_second_link_without_a_wait_keeps_the_circle():
    wait = made("wait", "w", "Answer", type="reply")
    bundle = pair([enrol("B")], [tag("x"), wait, enrol("A")], [on_tag("x")])
    assert severities(bundle) == BOTH_HIGH


# -- no circle -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bundle",
    [
        pair([enrol("B")], [tag("x")], [on_tag("y")]),
        pair([enrol("B")], [tag("x")], [started("contact_tag", "t", "Off", tagsRemoved="x")]),
        pair([enrol("B")], [tag("x")], [started("form_submission", "t", "Form", form__id="x")]),
        pair([enrol("B")], [tag("x")], [{**on_tag("x"), "active": False}]),
        pair([enrol("B")], [made("remove_from_workflow", "r", "Out", workflow_id="A")]),
        pair([enrol("B")], [enrol("elsewhere")]),
        pair([enrol("A")], [enrol("B")]),
        pair([enrol("B")], [tag("{{contact.source}}")], [on_tag("x")]),
        pair([enrol("B")], [{**enrol("A"), "advanceCanvasMeta": {"isDisabled": True}}]),
        pair([enrol("B")], [made("add_notes", "n", "Note", html="x")]),
    ],
)
def test_what_starts_nothing_is_no_circle(bundle):
    assert severities(bundle) == {}


def test_a_value_that_fails_the_filter_is_no_circle():
    write = made(
        "update_contact_field", "f", "Mark cold",
        actionType="update_field_data",
        fields=[{"field": "temperature", "value": "cold"}],
    )  # fmt: skip
    on_field = started("contact_changed", "t1", "Hot", contact__temperature="hot")
    assert severities(pair([enrol("B")], [write], [on_field])) == {}


def test_a_value_known_only_at_run_time_is_not_held_against_the_filter():
    write = made(
        "update_contact_field", "f", "Mark",
        actionType="update_field_data",
        fields=[{"field": "temperature", "value": "{{contact.mood}}"}],
    )  # fmt: skip
    on_field = started("contact_changed", "t1", "Hot", contact__temperature="hot")
    assert severities(pair([enrol("B")], [write], [on_field])) == {}


def test_a_workflow_alone_is_self_triggering_and_no_circle():
    bundle = {"workflows": [flow("A", "Alone", [tag("x")], [on_tag("x")])], "tags": ["x"]}
    assert severities(bundle) == {}
    assert set(reported(bundle, "self-triggering-workflow")) == {"A"}


@pytest.mark.parametrize("which", [0, 1])
def test_a_draft_starts_nothing_and_is_started_by_nothing(which):
    bundle = pair([enrol("B")], [enrol("A")])
    bundle["workflows"][which]["status"] = "draft"
    assert severities(bundle) == {}


def test_a_step_nobody_reaches_closes_no_circle():
    bundle = pair([enrol("B")], [tag("q")])
    lost = {**enrol("A", "lost"), "parentKey": "tag", "order": 9}
    bundle["workflows"][1]["workflowData"]["templates"].append(lost)
    assert severities(bundle) == {}


def test_two_versions_of_one_workflow_make_no_circle():
    bundle = pair([tag("x")], [tag("x")], [on_tag("x")], [on_tag("x")])
    assert severities(bundle) == BOTH_HIGH
    bundle["workflows"][1]["id"] = "A"
    assert severities(bundle) == {}


def test_workflows_of_two_accounts_make_no_circle():
    bundle = pair([enrol("B")], [enrol("A")])
    bundle["workflows"][1]["locationId"] = "anotherLocation00001"
    assert severities(bundle) == {}


def test_a_single_file_is_not_checked():
    single = flow("A", "Alone", [enrol("B")], [])
    assert reasons(single, RULE) == {"the account's other workflows are not in the file"}


def test_the_sound_agency_has_none_and_a_tag_makes_one():
    bundle = agency()
    assert reported(bundle, RULE) == {}
    workflow(bundle, "wf-implants-reactivation")["triggers"].append(
        {**on_tag("implants lead"), "id": "t2"}
    )
    step(bundle, "wf-implants-reactivation", "f3")["attributes"]["tags"] = ["Implants cold"]
    assert reported(bundle, RULE) == {}  # back to itself, which another rule says
    step(bundle, "wf-implants-reactivation", "f3")["attributes"]["tags"] = ["Implants booked"]
    workflow(bundle, "wf-implants-intake")["triggers"].append(
        {**on_tag("implants booked"), "id": "t2"}
    )
    found = reported(bundle, RULE)
    assert set(found) == {"wf-implants-intake", "wf-implants-reactivation"}


def test_the_order_of_the_workflows_changes_nothing():
    bundle = agency()
    workflow(bundle, "wf-implants-lost")["triggers"].append(
        appointment("cal-implants", "cancelled")
    )
    first = step(bundle, "wf-implants-reactivation", "f3")
    first.update(type="add_to_workflow", attributes={"workflow_id": "wf-whitening-nurture"})
    last = step(bundle, "wf-whitening-nurture", "b7")
    last.update(type="add_to_workflow", attributes={"workflow_id": "wf-implants-reactivation"})
    there = {
        key: item.analysis and item.analysis.findings for key, item in inspected(bundle).items()
    }
    bundle["workflows"].reverse()
    back = {
        key: item.analysis and item.analysis.findings for key, item in inspected(bundle).items()
    }
    assert there == back
    assert reported(bundle, RULE)


@pytest.mark.parametrize("value", [None, 7, True, [], {}, [None, {"a": 1}], "x" * 5000])
def test_wrong_typed_parameters_make_no_circle(value):
    wrong = made("add_to_workflow", "go", "On", workflow_id=value)
    odd = made("add_contact_tag", "tag", "Tag", tags=value)
    assert severities(pair([wrong, odd], [enrol("A")], [on_tag("x")])) == {}
