"""Edge cases of the rules about how contacts get into a HighLevel workflow."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel

SMS = {"id": "s", "type": "sms", "name": "Text", "attributes": {"body": "Your visit is booked."}}


def trigger(kind, *conditions, **more):
    return {
        "id": more.pop("id", "t1"),
        "type": kind,
        "name": more.pop("name", kind),
        "active": more.pop("active", True),
        "conditions": list(conditions),
        **more,
    }


def condition(field, operator="==", value="x"):
    return {"field": field, "operator": operator, "value": value}


def step(kind, key="w", after=None, **attributes):
    made = {"id": key, "type": kind, "name": f"{kind} {key}", "attributes": attributes}
    return made if after is None else {**made, "next": after}


def severities(document, rule_id):
    return [finding.severity.value for finding in findings(document, rule_id)]


# -- trigger-without-filter ----------------------------------------------------------------

BARE = "trigger-without-filter"


@pytest.mark.parametrize(
    "kind",
    ["form_submission", "contact_tag", "pipeline_stage_updated", "contact_changed", "trigger_link"],
)
def test_a_trigger_that_could_have_a_filter_and_has_none_is_reported(kind):
    assert severities(highlevel([SMS], [trigger(kind)]), BARE) == ["high"]


def test_a_bare_contact_created_trigger_is_less_grave():
    assert severities(highlevel([SMS], [trigger("contact_created")]), BARE) == ["medium"]


def test_a_filter_that_compares_with_nothing_counts_as_none():
    empty = trigger("form_submission", condition("form.id", "==", ""))
    assert severities(highlevel([SMS], [empty]), BARE) == ["high"]


@pytest.mark.parametrize(
    "one",
    [
        trigger("form_submission", condition("form.id")),
        trigger("form_submission", condition("form.id", "is-any-of", ["a", "b"])),
        trigger("contact_tag", condition("tagsAdded", "index-of-true", ["vip"])),
        trigger("contact_changed", condition("contact.email", "has_value", "")),
        trigger("contact_changed", {"field": "contact.assignedTo"}),
        trigger("pipeline_stage_updated", condition("opportunity.pipelineId")),
        {"id": "t", "type": "trigger_link", "filters": [condition("link.id")]},
        trigger("birthday_reminder"),
        trigger("inbound_webhook"),
        trigger("customer_reply"),
        trigger("payment_received"),
        trigger("a_trigger_nobody_knows"),
        trigger("form_submission", active=False),
    ],
)
def test_filtered_off_and_filterless_kinds_of_triggers_are_fine(one):
    assert findings(highlevel([SMS], [one]), BARE) == []


def test_triggers_that_are_not_in_the_file_are_not_judged():
    assert findings(highlevel([SMS]), BARE) == []


@pytest.mark.parametrize("conditions", [None, 5, "x", [None, 3, {"field": 7}], {"field": []}])
def test_conditions_of_the_wrong_type_count_as_none(conditions):
    one = {"id": "t", "type": "form_submission", "conditions": conditions}
    assert len(findings(highlevel([SMS], [one]), BARE)) == 1


# -- self-triggering-workflow --------------------------------------------------------------

SELF = "self-triggering-workflow"
ON_TAG = trigger("contact_tag", condition("tagsAdded", "index-of-true", "Lead"))
ADD = step("add_contact_tag", tags=["lead"])
ON_STAGE = trigger(
    "pipeline_stage_updated",
    condition("opportunity.pipelineId", "==", "p1"),
    condition("opportunity.pipelineStageId", "==", "s1"),
)


def stage_update(stage, pipeline="p1"):
    fields = [{"filterField": "pipelineId", "value": pipeline}]
    fields.append({"filterField": "pipelineStageId", "value": stage})
    return step("internal_update_opportunity", __customInputFields__=fields)


def field_update(value, **more):
    fields = [{"field": "lifecycle", "value": value}]
    return step("update_contact_field", actionType="update_field_data", fields=fields, **more)


def test_adding_the_tag_that_starts_the_workflow_is_critical():
    document = highlevel([ADD], [ON_TAG], allowMultiple=True)
    (finding,) = findings(document, SELF)
    assert finding.severity == "critical"
    assert finding.confidence == "certain"
    assert finding.node_ids == ("w", "t1")
    assert finding.path == ("t1", "w")


def test_with_re_entry_off_it_is_low():
    assert severities(highlevel([ADD], [ON_TAG], allowMultiple=False), SELF) == ["low"]


def test_two_steps_that_add_the_same_tag_are_one_finding():
    first, second = (
        step("add_contact_tag", "a", "b", tags="lead"),
        step("add_contact_tag", "b", tags=["lead"]),
    )
    (finding,) = findings(highlevel([first, second], [ON_TAG]), SELF)
    assert finding.node_ids == ("a", "b", "t1")


@pytest.mark.parametrize(
    ("one", "writer"),
    [
        (trigger("contact_tag"), ADD),
        (
            trigger("contact_tag", condition("tagsRemoved", "==", "old")),
            step("remove_contact_tag", tags=["old"]),
        ),
        (trigger("contact_changed", condition("contact.tags", "index-of-true", "lead")), ADD),
        (trigger("contact_changed"), field_update("won")),
        (trigger("contact_changed", condition("lifecycle", "==", "won")), field_update("Won")),
        (trigger("contact_changed", condition("contact.lifecycle", "!=", "x")), field_update("y")),
        (trigger("contact_changed", condition("lifecycle", "has_value", "")), field_update("y")),
        (trigger("contact_changed", condition("lifecycle", ">=", "3")), field_update(4)),
        (ON_STAGE, stage_update("s1")),
        (
            trigger("pipeline_stage_updated", condition("opportunity.pipelineId", "==", "p1")),
            step("create_opportunity", pipeline_id="p1", pipeline_stage_id="s9"),
        ),
    ],
)
def test_writing_what_passes_the_filter_is_reported(one, writer):
    assert severities(highlevel([writer], [one], allowMultiple=True), SELF) == ["critical"]


@pytest.mark.parametrize(
    ("one", "writer"),
    [
        (ON_TAG, step("add_contact_tag", tags=["lead contacted"])),
        (ON_TAG, step("remove_contact_tag", tags=["lead"])),
        (trigger("contact_tag", condition("tagsRemoved", "==", "lead")), ADD),
        (trigger("contact_changed", condition("contact.tags", "index-of-true", "vip")), ADD),
        (trigger("contact_changed", condition("contact.tags", "index-of-false", "lead")), ADD),
        (trigger("contact_changed", condition("lifecycle", "==", "won")), field_update("lost")),
        (trigger("contact_changed", condition("lifecycle", "has_no_value", "")), field_update("x")),
        (trigger("contact_changed", condition("lifecycle", ">", "3")), field_update("2")),
        (trigger("contact_changed", condition("contact.city")), field_update("won")),
        (trigger("contact_changed"), stage_update("s1")),
        (ON_STAGE, stage_update("s2")),
        (ON_STAGE, stage_update("s1", pipeline="p2")),
        (ON_STAGE, step("internal_update_opportunity", __customInputFields__=[])),
        (trigger("form_submission", condition("form.id")), ADD),
        (trigger("contact_created"), ADD),
        ({**ON_TAG, "active": False}, ADD),
        (ON_TAG, {**ADD, "advanceCanvasMeta": {"isDisabled": True}}),
        (ON_TAG, step("add_contact_tag", tags=[None, {"x": 1}, 5])),
        (ON_TAG, step("add_contact_tag", tags={"value": "other"})),
        (
            trigger("contact_changed", condition("lifecycle")),
            step("update_contact_field", fields=3),
        ),
    ],
)
def test_what_fails_the_filter_or_is_something_else_is_fine(one, writer):
    assert findings(highlevel([writer], [one], allowMultiple=True), SELF) == []


def test_a_step_that_is_never_reached_starts_nothing():
    steps = [{**SMS, "order": 0}, {**step("add_contact_tag", "x", tags=["lead"]), "order": 9}]
    assert findings(highlevel(steps, [ON_TAG]), SELF) == []


def test_a_value_known_only_at_run_time_is_not_certain():
    one = trigger("contact_changed", condition("lifecycle", "==", "won"))
    document = highlevel([field_update("{{contact.next}}")], [one])
    (finding,) = findings(document, SELF)
    assert finding.confidence == "firm"


def test_without_the_triggers_nothing_can_be_said():
    assert findings(highlevel([ADD]), SELF) == []


# -- multiple-goals ------------------------------------------------------------------------

GOALS = "multiple-goals"


def goal(key, after=None, **more):
    return {**step("workflow_goal", key, after, action="exit", op="or", segments=[]), **more}


def test_two_goals_are_one_finding_that_lists_both():
    (finding,) = findings(highlevel([goal("a", "b"), goal("b")]), GOALS)
    assert finding.node_ids == ("a", "b")
    assert finding.severity == "high"


def test_one_goal_with_several_conditions_is_fine():
    conditions = [{"goal_condition": "a"}, {"goal_condition": "b"}]
    one = step("workflow_goal", "g", segments=[{"conditions": conditions}, {"conditions": []}])
    assert findings(highlevel([one]), GOALS) == []


def test_a_second_goal_that_is_switched_off_does_not_count():
    off = goal("b", advanceCanvasMeta={"isDisabled": True})
    assert findings(highlevel([goal("a", "b"), off]), GOALS) == []


def test_no_goal_is_no_fault():
    assert findings(highlevel([SMS]), GOALS) == []
