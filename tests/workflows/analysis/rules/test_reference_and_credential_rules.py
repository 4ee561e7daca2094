"""Edge cases: expressions that name missing steps, steps without credentials."""

import pytest

from tests.workflows.analysis.builders import findings, n8n


def node(name, kind="set", params=None, **more):
    node_type = kind if "." in kind else f"n8n-nodes-base.{kind}"
    return {"id": name, "name": name, "type": node_type, "parameters": params or {}, **more}


def unknown(*nodes):
    return findings(n8n([node("Start", "manualTrigger"), *nodes], {}), "unknown-step-in-expression")


def make(*modules):
    flow = [
        {"id": n, "module": "http:ActionSendData", **module} for n, module in enumerate(modules, 1)
    ]
    return {"name": "S", "flow": flow, "metadata": {"version": 1}}


def test_one_finding_for_each_missing_name_however_many_steps_read_it():
    found = unknown(
        node("A", params={"x": "={{ $('Gone').item.json.x }}{{ $('Gone').item.json.y }}"}),
        node("B", params={"x": "={{ $node['Gone'].json.x }}"}),
        node("C", "code", {"jsCode": "return $items('Lost')"}),
    )
    assert sorted(found_.node_ids for found_ in found) == [("A", "B"), ("C",)]
    assert all(each.severity == "high" and each.confidence == "certain" for each in found)


def test_the_name_that_was_meant_is_offered():
    [found] = unknown(node("Get Order"), node("A", params={"x": "={{ $('get  order').item }}"}))
    assert "“Get Order”" in found.remedy


@pytest.mark.parametrize(
    "text",
    [
        "={{ $('Start').item.json.x }}",
        "={{ $('Off').item.json.x }}",  # disabled steps are there
        "={{ $('Note').item.json.x }}",
        "={{ $('Bob\\'s').item.json.x }}",
        "={{ $('Gone' + $json.n).item.json.x }}",
        "={{ $($json.name).item.json.x }}",
        "$('Gone')",
        "=Use $('Gone')",
        "={{ '$(\\'Gone\\')' }}",
    ],
)
def test_names_that_are_there_or_unknown_before_the_run_are_fine(text):
    steps = [node("Off", disabled=True), node("Note", "stickyNote"), node("Bob's")]
    assert unknown(*steps, node("Reader", params={"x": text})) == []


def test_a_disabled_reader_and_a_comment_are_fine():
    assert unknown(node("A", params={"x": "={{ $('Gone').item }}"}, disabled=True)) == []
    assert unknown(node("A", "code", {"jsCode": "// $('Gone')\nreturn []"})) == []


def test_a_new_reader_does_not_change_the_fingerprint():
    reader = node("M", params={"x": "={{ $('Gone').item }}"})
    other = node("A", params={"x": "={{ $('Gone').item }}"})
    assert unknown(reader)[0].fingerprint == unknown(other, reader)[0].fingerprint


def test_a_missing_module_of_make_is_found_once():
    document = make({}, {"mapper": {"url": "{{7.x}} {{7.y}}", "data": "{{1.x}}"}})
    [found] = findings(document, "unknown-step-in-expression")
    assert "module 7" in found.message
    assert findings(make({}, {"mapper": {"url": "{{1.x}} {{1.5}}"}}), found.rule_id) == []


@pytest.mark.parametrize("value", [None, 3, True, [], {}, [[{"a": None}]]])
def test_parameters_of_any_type_do_no_harm(value):
    assert unknown(node("A", params={"jsCode": value, "x": value, "language": value})) == []
    document = n8n([node("A", "slack", {"authentication": value}, credentials=value)], {})
    findings(document, "missing-credentials")


# -- missing-credentials -------------------------------------------------------------------


def lacking(*nodes):
    return findings(n8n(list(nodes), {}), "missing-credentials")


def slack(name, **more):
    return node(name, "slack", {"select": "channel"}, typeVersion=2.3, **more)


SLACK = {"slackApi": {"id": "1", "name": "Team"}}


@pytest.mark.parametrize(
    "credentials",
    [{}, {"slackApi": None}, {"slackApi": {}}, {"slackApi": {"id": None, "name": ""}},
     {"gmailOAuth2": {"id": "1", "name": "Mail"}}],
)  # fmt: skip
def test_a_step_without_its_credential_is_found(credentials):
    [found] = lacking(slack("A", credentials=credentials))
    assert found.node_ids == ("A",)
    assert found.severity == "medium"


@pytest.mark.parametrize(
    "credentials",
    [SLACK, {"slackApi": "Team"}, {"slackApi": {"id": None, "name": "Team"}}],
)
def test_a_step_with_its_credential_is_fine(credentials):
    assert lacking(slack("A", credentials=credentials)) == []


def test_all_steps_without_credentials_are_one_finding():
    [found] = lacking(slack("A"), node("B", "gmail", typeVersion=2.1))
    assert found.node_ids == ("A", "B")


def test_another_missing_credential_is_another_finding():
    gmail = node("C", "gmail", typeVersion=2.1)
    [before] = lacking(slack("A", credentials=SLACK), slack("B"))
    [after] = lacking(slack("A", credentials=SLACK), slack("B"), gmail)
    assert after.node_ids == ("B", "C")
    assert before.fingerprint != after.fingerprint


@pytest.mark.parametrize(
    "step",
    [
        node("A", "httpRequest", {"url": "https://a.b"}, typeVersion=4.2),
        node("A", "httpRequest", {"authentication": "none"}, typeVersion=4.2),
        node("A", "webhook", {"path": "x"}, typeVersion=2),
        node("A", "webhook", {"path": "x", "authentication": "none"}, typeVersion=2),
        slack("A", disabled=True),
        node("A", "n8n-nodes-custom.thing"),
        node("A", "set"),
        node("A", "slack", {}, typeVersion=99),
    ],
)
def test_steps_that_need_none_or_are_not_known_are_fine(step):
    assert lacking(step) == []


def test_generic_sign_in_needs_the_chosen_credential():
    params = {"authentication": "genericCredentialType", "genericAuthType": "httpHeaderAuth"}
    assert len(lacking(node("A", "httpRequest", params, typeVersion=4.2))) == 1
    held = {"httpHeaderAuth": {"id": "1", "name": "Key"}}
    assert lacking(node("A", "httpRequest", params, typeVersion=4.2, credentials=held)) == []


def test_a_make_module_whose_description_asks_for_a_connection_needs_one():
    described = {"metadata": {"parameters": [{"name": "__IMTCONN__", "type": "account:slack"}]}}
    module = {"module": "slack:CreateMessage", "parameters": {}, **described}
    document = {"name": "S", "metadata": {}, "flow": [{"id": 1, **module}]}
    assert len(findings(document, "missing-credentials")) == 1
    module["parameters"] = {"__IMTCONN__": 1234}
    document = {"name": "S", "metadata": {}, "flow": [{"id": 1, **module}]}
    assert findings(document, "missing-credentials") == []
