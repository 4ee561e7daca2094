"""n8n nodes one by one: what they become, with what their fields say and whatever is in them."""

import math

import pytest

from apps.workflows.analysis.graph import UNKNOWN_TYPE, Effect, Kind, Trait, Wait
from apps.workflows.platforms import n8n
from apps.workflows.platforms.base import Source

BASE = "n8n-nodes-base."


def step_of(node):
    return n8n.translate(Source({"nodes": [node], "connections": {}})).steps[0]


def wait(version=1.1, **params):
    return step_of({"type": BASE + "wait", "typeVersion": version, "parameters": params}).wait


def test_fields_of_a_node_are_kept():
    node = {
        "id": "a1",
        "name": "Fetch",
        "type": BASE + "httpRequest",
        "typeVersion": 4.2,
        "position": [10, -20.5],
        "parameters": {"url": "https://acme-tools.com"},
        "disabled": True,
        "retryOnFail": True,
        "onError": "continueErrorOutput",
    }
    step = step_of(node)
    assert (step.id, step.name, step.type) == ("a1", "Fetch", BASE + "httpRequest")
    assert (step.version, step.position) == (4.2, (10, -20.5))
    assert (step.enabled, step.retries, step.on_error) == (False, True, "output")
    assert step.raw is node
    assert step.params is node["parameters"]
    assert (step.outputs, step.newest_version) == (1, 4.5)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ""),
        ({"onError": "stopWorkflow"}, ""),
        ({"onError": "continueRegularOutput"}, "continue"),
        ({"onError": "continueErrorOutput"}, "output"),
        ({"continueOnFail": True}, "continue"),
        ({"continueOnFail": False}, ""),
        ({"continueOnFail": True, "onError": "stopWorkflow"}, ""),
        ({"onError": ["continueErrorOutput"], "continueOnFail": "yes"}, ""),
    ],
)
def test_what_happens_on_an_error(fields, expected):
    assert step_of({"type": BASE + "set", **fields}).on_error == expected


@pytest.mark.parametrize("value", ["2", None, True, [2], {}, math.nan, math.inf, -1, 0, 10**400])
def test_version_that_is_none_is_not_known(value):
    step = step_of({"type": BASE + "if", "typeVersion": value})
    assert step.version == 0
    assert step.spec.kind is Kind.BRANCH


_NO_POSITIONS = ["1,2", "ab", None, 5, [], [1], [1, 2, 3], ["a", "b"], {"x": 1, "y": 2}]


@pytest.mark.parametrize("value", [*_NO_POSITIONS, [math.nan, 0], [0, math.inf], [10**400, 0]])
def test_position_that_is_none_is_left_out(value):
    assert step_of({"type": BASE + "set", "position": value}).position is None


def test_fields_of_a_wrong_type_are_left_out():
    step = step_of(
        {"id": 5, "name": None, "type": 7, "parameters": [1], "disabled": "yes", "retryOnFail": 1}
    )
    assert (step.id, step.name, step.type, step.params) == ("node-1", "", "", {})
    assert (step.enabled, step.retries, step.spec) == (True, False, UNKNOWN_TYPE)


def test_nodes_that_are_no_objects_are_passed_over():
    definition = {"nodes": [1, None, "x", [1], {"type": BASE + "set"}], "connections": {}}
    assert len(n8n.translate(Source(definition)).steps) == 1


def test_notes_are_kept_as_notes():
    step = step_of({"type": BASE + "stickyNote", "typeVersion": 1, "position": [1, 2]})
    assert (step.spec.kind, step.position, step.outputs) == (Kind.NOTE, (1, 2), 0)


def test_types_of_the_community_are_unknown_and_nothing_is_claimed_about_them():
    step = step_of({"type": "n8n-nodes-acme.acme", "typeVersion": 3, "credentials": {}})
    assert step.spec is UNKNOWN_TYPE
    assert (step.outputs, step.credentials_needed, step.newest_version) == (None, (), 0)


def test_triggers_of_the_community_are_triggers():
    spec = step_of({"type": "n8n-nodes-acme.acmeTrigger"}).spec
    assert (spec.kind, spec.traits) == (Kind.TRIGGER, {Trait.STARTS})


# -- waits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "minutes"),
    [
        ({"amount": 2, "unit": "days"}, 2880),
        ({"amount": 30}, 0.5),
        ({"unit": "minutes"}, 5),
        ({"amount": "3", "unit": "hours"}, 180),
        ({"amount": 0}, 0),
        ({"amount": -5}, 0),
        ({"amount": "={{ $json.pause }}"}, None),
        ({"unit": "={{ $json.unit }}"}, None),
        ({"amount": None}, None),
        ({"amount": math.nan}, None),
        ({"amount": 10**400}, None),
    ],
)
def test_time_wait_has_its_length_in_minutes(params, minutes):
    assert wait(**params) == Wait("time", minutes)


def test_length_of_a_wait_that_says_nothing_is_the_default_of_its_version():
    assert wait(1) == Wait("time", 60)
    assert wait(1.1) == Wait("time", 5 / 60)


@pytest.mark.parametrize("resume", ["webhook", "form"])
def test_wait_for_an_answer_has_no_length_and_maybe_a_time_out(resume):
    assert wait(resume=resume) == Wait(resume, None)
    assert wait(resume=resume, limitWaitTime=True) == Wait(resume, None, has_timeout=True)


def test_wait_until_a_date_has_no_length():
    assert wait(resume="specificTime", dateTime="2027-01-01T09:00:00") == Wait("date", None)
    assert wait(resume="={{ $json.how }}") == Wait("unknown", None)


def test_other_steps_hold_nothing():
    assert step_of({"type": BASE + "set"}).wait is None


# -- other workflows ---------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", ["w7", {"__rl": True, "mode": "list", "value": "w7"}])
def test_workflow_that_a_step_runs_is_named(chosen):
    node = {
        "type": BASE + "executeWorkflow",
        "typeVersion": 1,
        "parameters": {"workflowId": chosen},
    }
    step = step_of(node)
    assert step.spec.kind is Kind.ENROL
    assert step.effects == (Effect("workflow", "w7", "start"),)


@pytest.mark.parametrize("chosen", [None, "", "={{ $json.id }}", {"value": "=x"}, {}, 5, []])
def test_workflow_that_only_a_run_will_name_is_not_guessed(chosen):
    node = {"type": BASE + "executeWorkflow", "parameters": {"workflowId": chosen}}
    assert step_of(node).effects == ()
