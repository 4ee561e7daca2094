"""Edge cases: opportunities without place or look-up, blank fields, ids written into steps."""

import pytest

from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.builders import findings, highlevel, n8n

FORM = {"id": "t1", "type": "form_submission", "name": "Form", "active": True}


def step(step_id, kind, attributes=None, **more):
    return {"id": step_id, "type": kind, "name": step_id, "attributes": attributes or {}, **more}


def fields(**values):
    return {"__customInputFields__": [{"filterField": k, "value": v} for k, v in values.items()]}


# -- opportunity-without-stage -------------------------------------------------------------


def misplaced(kind, attributes):
    return findings(highlevel([step("A", kind, attributes)]), "opportunity-without-stage")


@pytest.mark.parametrize(
    ("kind", "attributes", "said"),
    [
        ("internal_create_opportunity", {"pipelineId": "p"}, "without a stage"),
        ("internal_create_opportunity", fields(pipelineStageId="s"), "without a pipeline"),
        ("internal_create_opportunity", {}, "without a pipeline or a stage"),
        ("internal_create_opportunity", {"pipelineId": "p", "pipelineStageId": ""}, "a stage"),
        ("create_opportunity", {"pipeline_id": "p", "opportunity_status": "open"}, "a stage"),
        ("internal_update_opportunity", fields(pipelineStageId="s"), "in which pipeline"),
    ],
)
def test_an_opportunity_without_its_place_is_found(kind, attributes, said):
    [found] = misplaced(kind, attributes)
    assert said in found.message
    assert found.severity == "high"


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("internal_create_opportunity", {"pipelineId": "p", "pipelineStageId": "s"}),
        ("internal_create_opportunity", {"pipelineId": "p", **fields(pipelineStageId="s")}),
        ("create_opportunity", {"pipeline_id": "p", "pipeline_stage_id": "s"}),
        ("create_opportunity", {"pipeline_id": "p", "opportunity_status": "abandoned"}),
        ("internal_update_opportunity", fields(status="lost")),
        ("internal_update_opportunity", fields(monetaryValue="5")),
        ("internal_update_opportunity", {"pipelineId": "p", **fields(pipelineStageId="s")}),
        ("internal_update_opportunity", fields(pipelineId="p", pipelineStageId="s")),
        ("internal_update_opportunity", {}),
        ("find_opportunity", {}),
        ("remove_opportunity", {"pipeline_id": "p"}),
    ],
)
def test_placed_opportunities_and_status_updates_are_fine(kind, attributes):
    assert misplaced(kind, attributes) == []


# -- opportunity-update-without-lookup -----------------------------------------------------

UPDATE = step("U", "internal_update_opportunity", fields(status="won"))
RULE = "opportunity-update-without-lookup"


def test_an_update_that_nothing_has_looked_up_is_found_with_its_path():
    tag = step("T", "add_contact_tag", {"tags": ["x"]}, next="U")
    [found] = findings(highlevel([tag, UPDATE], [FORM]), RULE)
    assert found.path == ("t1", "T", "U")
    assert found.severity == "medium"


@pytest.mark.parametrize(
    "kind", ["find_opportunity", "internal_create_opportunity", "create_opportunity"]
)
def test_an_update_after_a_look_up_or_a_creation_is_fine(kind):
    before = step("B", kind, {"pipelineId": "p", "pipelineStageId": "s"}, next="U")
    assert findings(highlevel([before, UPDATE], [FORM]), RULE) == []


@pytest.mark.parametrize(
    "kind",
    ["opportunity_created", "opportunity_changed", "opportunity_status_changed",
     "pipeline_stage_updated", "opportunity_decay"],
)  # fmt: skip
def test_an_opportunity_trigger_brings_it_along(kind):
    assert findings(highlevel([UPDATE], [{**FORM, "type": kind}]), RULE) == []


def test_each_trigger_is_judged_by_itself():
    deal = {"id": "t0", "type": "opportunity_created", "active": True}
    [found] = findings(highlevel([UPDATE], [deal, FORM]), RULE)
    assert found.path == ("t1", "U")


def test_a_look_up_on_another_branch_does_not_help():
    branches = [{"id": "y", "name": "Yes"}]
    steps = [
        step("C", "if_else", {"if": True, "branches": branches}, nodeType="condition-node",
             next=["y", "n"]),
        step("y", "if_else", {"if": False}, nodeType="branch-yes", next="F"),
        step("n", "if_else", {"else": True}, nodeType="branch-no", next="U"),
        step("F", "find_opportunity"),
        UPDATE,
    ]  # fmt: skip
    [found] = findings(highlevel(steps, [FORM]), RULE)
    assert found.path == ("t1", "C", "n", "U")


@pytest.mark.parametrize("triggers", [None, []])
def test_without_triggers_in_the_file_it_is_not_checked(triggers):
    [item] = inspect_document(highlevel([UPDATE], triggers))
    assert item.analysis is not None
    assert RULE in {each.rule_id for each in item.analysis.not_checked}
    assert RULE not in {each.rule_id for each in item.analysis.findings}


# -- blank-instead-of-clear ----------------------------------------------------------------


def blank(attributes, kind="update_contact_field"):
    return findings(highlevel([step("A", kind, attributes)]), "blank-instead-of-clear")


@pytest.mark.parametrize("value", ["", "  ", None, []])
def test_an_empty_value_is_found(value):
    entry = {"field": "f", "title": "Outcome", "value": value}
    [found] = blank({"actionType": "update_field_data", "fields": [entry]})
    assert "“Outcome”" in found.message
    assert found.severity == "low"
    assert len(blank({"fields": [entry, {"field": "g", "value": "x"}]})) == 1


@pytest.mark.parametrize(
    "attributes",
    [
        {"actionType": "clear_field_data", "fields": [{"field": "f", "value": ""}]},
        {"actionType": "update_field_data", "fields": [{"field": "f", "value": "x"}]},
        {
            "actionType": "update_field_data",
            "fields": [{"field": "f", "value": "{{message.body}}"}],
        },
        {"fields": [{"field": "f", "value": "", "date": "currentDate"}]},
        {"fields": [{"field": "f", "value": 0}]},
        {"fields": [{"field": "f", "value": False}]},
        {"fields": [{"field": "f"}]},
        {"fields": []},
        {"fields": None},
        {"fields": "x"},
        {"actionType": 5},
    ],
)
def test_cleared_filled_and_unreadable_fields_are_fine(attributes):
    assert blank(attributes) == []


def test_other_steps_are_not_judged():
    assert blank({"fields": [{"field": "f", "value": ""}]}, "create_update_contact") == []


# -- hardcoded-record-id -------------------------------------------------------------------

HIGHLEVEL_ID = "ocQHyuzHvysMo5N5VsXc"
UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def node(name, kind, params):
    return {"id": name, "name": name, "type": f"n8n-nodes-base.{kind}", "parameters": params}


def ids(kind, params):
    return findings(n8n([node("A", kind, params)], {}), "hardcoded-record-id")


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("code", {"jsCode": f"return '{HIGHLEVEL_ID}'"}),
        ("code", {"jsCode": f'if (x === "{UUID}") {{}}'}),
        ("code", {"jsCode": "const t = 'recA1b2C3d4E5f6G7'"}),
        ("code", {"jsCode": "fetch('https://staging.acme.com/x')"}),
        ("httpRequest", {"url": f"https://api.acme.com/v1/contacts/{HIGHLEVEL_ID}"}),
        ("httpRequest", {"url": f"=https://api.acme.com/v1/x/{UUID}/{{{{ $json.id }}}}"}),
        ("httpRequest", {"url": "https://dev.acme.com/x"}),
        ("httpRequest", {"url": "https://api-staging.acme.com/x"}),
        ("httpRequest", {"url": "http://localhost:3000/x"}),
        ("httpRequest", {"url": "http://192.168.1.20/x"}),
        (
            "if",
            {
                "conditions": {
                    "conditions": [{"id": "1", "leftValue": "={{ $json.a }}", "rightValue": UUID}]
                }
            },
        ),
        ("if", {"conditions": {"string": [{"value1": "={{ $json.a }}", "value2": HIGHLEVEL_ID}]}}),
    ],
)
def test_ids_and_environments_are_found(kind, params):
    [found] = ids(kind, params)
    assert found.severity == "low"


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("googleSheets", {"documentId": {"__rl": True, "value": HIGHLEVEL_ID}}),
        ("set", {"assignments": {"assignments": [{"id": UUID, "value": "x"}]}}),
        ("if", {"conditions": {"conditions": [{"id": UUID, "rightValue": "yes"}]}}),
        ("if", {"conditions": {"conditions": [{"id": UUID, "rightValue": "={{ $json.id }}"}]}}),
        ("code", {"jsCode": "return 'thisIsJustALongWordX'"}),
        ("code", {"jsCode": "return 'SOME_LONG_CONSTANT_NAME_2'"}),
        ("code", {"jsCode": "return $json.id"}),
        ("httpRequest", {"url": "https://api.acme.com/v1/contacts"}),
        ("httpRequest", {"url": "https://api.acme.com/v1/getAllContactsByNameNow"}),
        ("httpRequest", {"url": "=https://api.acme.com/{{ $json.id }}"}),
        ("httpRequest", {"url": f"https://hooks.acme.com/hooks/catch/{UUID}"}),
        ("httpRequest", {"url": f"https://n8n.acme.com/webhook/{UUID}"}),
        ("httpRequest", {"url": "https://developer.acme.com/x"}),
        ("httpRequest", {"url": "https://latest.acme.com/x"}),
        ("httpRequest", {"url": "=http://{{ $json.host }}/x"}),
        ("httpRequest", {"url": "https://test.com/x"}),
        ("code", {"jsCode": None}),
        ("if", {"conditions": [1], "rules": {"values": "x"}}),
    ],
)
def test_selectors_words_and_computed_values_are_fine(kind, params):
    assert ids(kind, params) == []


def test_what_one_step_holds_is_one_finding():
    code = f"const a = '{HIGHLEVEL_ID}', b = '{UUID}'"
    assert len(ids("code", {"jsCode": code})) == 1


def condition(kind, sub, value):
    test = {"conditionType": kind, "conditionSubType": sub, "conditionOperator": "==",
            "conditionValue": value}  # fmt: skip
    branch = {"id": "y", "name": "Y", "segments": [{"conditions": [test]}]}
    steps = [step("A", "if_else", {"if": True, "branches": [branch]}, nodeType="condition-node")]
    return findings(highlevel(steps), "hardcoded-record-id")


def test_conditions_of_highlevel_count_unless_the_value_is_picked_from_a_list():
    assert len(condition("contact_detail", "contact_id", HIGHLEVEL_ID)) == 1
    assert condition("contact_detail", "assigned_to", HIGHLEVEL_ID) == []
    assert condition("opportunities", "pipeline_stage_id", [UUID]) == []
    assert condition("contact_detail", "first_name", "Jane") == []
