"""What the tests of messaging more rules are made of."""

from tests.workflows.analysis.builders import findings, highlevel


def step(kind, key="a", after=None, **attributes):
    made = {"id": key, "type": kind, "name": f"{kind} {key}", "attributes": attributes}
    return made if after is None else {**made, "next": after}


def sms(body="Acme Dental: see you tomorrow.", key="a", after=None, **more):
    return step("sms", key, after, body=body, **more)


def email(html="<p>Two for one.</p>", subject="Spring offer", key="a", after=None, **more):
    return step("email", key, after, subject=subject, html=html, **more)


def wait(key, after, value=1, unit="days", **more):
    return step("wait", key, after, type="time", startAfter={"type": unit, "value": value}, **more)


def trigger(kind, *conditions, key="t1", active=True):
    made = {"id": key, "type": kind, "name": kind, "active": active}
    return {**made, "conditions": list(conditions)}


def condition(field, value, operator="=="):
    return {"field": field, "operator": operator, "value": value}


def off(made):
    return {**made, "advanceCanvasMeta": {"isDisabled": True}}


def asks(key, target, **test):
    """An if/else of one branch."""
    branches = [{"id": f"{key}-y", "segments": [{"conditions": [test]}]}]
    container = step("if_else", key, [f"{key}-y"], branches=branches)
    marker = {**step("if_else", f"{key}-y", target, **{"if": False}), "nodeType": "branch-yes"}
    return [{**container, "nodeType": "condition-node"}, marker]


def found(rule_id, steps, triggers=None, **doc):
    return [each.severity.value for each in findings(highlevel(steps, triggers, **doc), rule_id)]


ZONE = "window-in-account-timezone"


HOURS = {"condition": "when", "start": "09:00", "end": "17:00"}
