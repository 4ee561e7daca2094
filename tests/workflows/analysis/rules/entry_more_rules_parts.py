"""What the tests of entry more rules are made of."""

from tests.workflows.analysis.builders import findings, highlevel

SMS = {"id": "s", "type": "sms", "name": "Text", "attributes": {"body": "We will call you."}}


def trigger(kind, *conditions, key="t1", active=True, **more):
    made = {"id": key, "type": kind, "name": f"{kind} {key}", "active": active}
    return {**made, "conditions": list(conditions), **more}


def condition(field, operator="==", value="x"):
    return {"field": field, "operator": operator, "value": value}


def step(kind, key="w", after=None, **attributes):
    made = {"id": key, "type": kind, "name": f"{kind} {key}", "attributes": attributes}
    return made if after is None else {**made, "next": after}


def off(made):
    return {**made, "advanceCanvasMeta": {"isDisabled": True}}


def found(rule_id, steps, triggers, **doc):
    return [each.severity.value for each in findings(highlevel(steps, triggers, **doc), rule_id)]


CREATE = step("internal_create_opportunity", pipelineId="p")


CALL = "missed-call-trigger-unfiltered"
