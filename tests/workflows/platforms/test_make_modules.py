"""What Make's modules are, how they are set, and how they meet an error."""

from typing import Any

import pytest

from apps.workflows.analysis.graph import EdgeKind, Kind, Step, Trait
from apps.workflows.platforms.make.types import label_of, spec_of
from tests.workflows.platforms.blueprints import ROUTER, WEBHOOK, edges, graph_of, module, route
from tests.workflows.platforms.flows import lost, step

CALLS, WRITES, SENDS = Trait.CALLS, Trait.WRITES, Trait.SENDS


def second(name: str = "slack:CreateMessage", **fields: Any) -> Step:
    return step(graph_of(module(1, WEBHOOK), module(2, name, **fields)), "2")


@pytest.mark.parametrize(
    ("name", "kind", "traits"),
    [
        (ROUTER, Kind.BRANCH, set()),
        ("builtin:BasicFeeder", Kind.LOOP, set()),
        ("builtin:BasicAggregator", Kind.MERGE, set()),
        ("util:TextAggregator", Kind.MERGE, set()),
        ("builtin:Ignore", Kind.ERROR, set()),
        ("util:FunctionSleep", Kind.WAIT, set()),
        ("gateway:WebhookRespond", Kind.RESPOND, set()),
        ("placeholder:Placeholder", Kind.MARKER, set()),
        ("scenario-service:CallSubscenario", Kind.ENROL, set()),
        ("json:ParseJSON", Kind.STEP, set()),
        ("util:SetVariable2", Kind.STEP, set()),
        ("datastore:AddRecord", Kind.WRITE, {WRITES}),
        ("datastore:GetRecord", Kind.STEP, set()),
        ("http:ActionSendData", Kind.CALL, {CALLS}),
        ("http:MakeRequest", Kind.CALL, {CALLS}),
        ("notion:searchObjects1", Kind.CALL, {CALLS}),
        ("notion:getADatabase", Kind.CALL, {CALLS}),
        ("notion:updateADatabaseItem", Kind.WRITE, {WRITES, CALLS}),
        ("airtable:ActionCreateRecord", Kind.WRITE, {WRITES, CALLS}),
        ("google-email:CreateDraft", Kind.WRITE, {WRITES, CALLS}),
        ("google-email:ActionSendEmail", Kind.MESSAGE, {SENDS, CALLS}),
        ("google-email:sendAnEmail", Kind.MESSAGE, {SENDS, CALLS}),
        ("twilio:CreateMessage", Kind.MESSAGE, {SENDS, CALLS}),
        ("telegram:SendReplyMessage", Kind.MESSAGE, {SENDS, CALLS}),
        ("slack:CreateMessage", Kind.NOTIFY, {CALLS}),
        ("slack:createChannel", Kind.WRITE, {WRITES, CALLS}),
        ("docusign:sendEnvelope", Kind.CALL, {CALLS}),
        ("stripe:CreateCharge", Kind.WRITE, {Trait.CHARGES, WRITES, CALLS}),
        ("stripe:createCustomer", Kind.WRITE, {WRITES, CALLS}),
        ("stripe:listInvoices", Kind.CALL, {CALLS}),
        ("openai-gpt-3:CreateCompletion", Kind.AI, {CALLS}),
        ("mysql:executeQuery", Kind.CALL, {CALLS, Trait.SQL}),
        ("lokalise:lokaliseRest", Kind.CALL, {CALLS}),
        ("telegram:UniversalAPICall", Kind.CALL, {CALLS}),
        ("app#acme-1:frobnicate", Kind.UNKNOWN, set()),
        ("acme", Kind.UNKNOWN, set()),
        ("acme:", Kind.UNKNOWN, set()),
        ("acme:***", Kind.UNKNOWN, set()),
        ("", Kind.UNKNOWN, set()),
    ],
)
def test_what_a_module_is(name: str, kind: Kind, traits: set[Trait]):
    spec = spec_of(name)
    assert spec.kind is kind
    assert spec.traits == traits


def test_messages_know_their_channel():
    assert spec_of("twilio:ActionSendSMS").channel == "sms"
    assert spec_of("email:ActionSendEmail").channel == "email"
    assert spec_of("acme:sendEmail").channel == ""


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("google-sheets:addRow", "Google Sheets: add row"),
        ("notion:createAPage", "Notion: create a page"),
        ("airtable:ActionSearchRecords", "Airtable: search records"),
        ("json:ParseJSON", "JSON: parse json"),
        ("builtin:Ignore", "Ignore"),
        (ROUTER, "Router"),
        ("acme", "Acme"),
        ("", ""),
        (":", ""),
    ],
)
def test_a_module_is_called_as_a_person_would(name: str, label: str):
    assert label_of(name) == label


def test_a_name_given_in_the_designer_wins():
    named = second(metadata={"designer": {"name": " Tell sales ", "x": 3, "y": "4"}})
    assert (named.name, named.position) == ("Tell sales", (3.0, 4.0))
    assert second(metadata={"designer": {"name": " "}}).name == "Slack: create message"
    assert second(metadata=[]).position is None


# -- the start ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "instant", "traits"),
    [
        (WEBHOOK, False, {Trait.STARTS, Trait.WEBHOOK}),
        ("gateway:CustomMailHook", None, {Trait.STARTS, Trait.WEBHOOK}),
        ("typeform:watchResponses", True, {Trait.STARTS, Trait.WEBHOOK, CALLS}),
        ("typeform:watchResponses", False, {Trait.STARTS, CALLS}),
        ("typeform:watchResponses", "true", {Trait.STARTS, CALLS}),
        ("datastore:AddRecord", False, {Trait.STARTS, WRITES}),
        ("acme:frobnicate", False, {Trait.STARTS}),
        ("scenario-service:StartSubscenario", False, {Trait.CALLED}),
    ],
)
def test_the_first_module_starts_the_scenario(name: str, instant: Any, traits: set[Trait]):
    first = step(graph_of(module(1, name), module(2), instant=instant), "1")
    assert first.kind is Kind.TRIGGER
    assert first.spec.traits == traits


def test_a_router_that_comes_first_stays_a_router():
    graph = graph_of(module(1, ROUTER, routes=[route(module(2)), route(module(3))]))
    assert step(graph, "1").kind is Kind.BRANCH
    assert Trait.STARTS in step(graph, "1").spec.traits
    assert not lost(graph)
    assert graph.missing == {}


def test_a_later_module_is_no_start():
    assert second("typeform:watchResponses").spec.traits == {CALLS}


# -- settings ----------------------------------------------------------------------------------


def test_parameters_keep_the_names_of_the_blueprint():
    fields: dict[str, Any] = {
        "parameters": {"a": 1},
        "mapper": {"b": "{{1.x}}"},
        "filter": {"name": "F"},
    }
    assert second(**fields, metadata={"expect": []}).params == fields
    assert second(parameters=3, mapper=None, filter=None).params == {"parameters": {}, "mapper": {}}


@pytest.mark.parametrize(
    "fields",
    [
        {"metadata": {"parameters": [{"name": "__IMTCONN__", "type": "account:slack2"}]}},
        {"metadata": {"parameters": [{"name": "account", "type": "account:google"}]}},
        {"metadata": {"expect": [{"name": "__IMTCONN__"}]}},
        {"parameters": {"__IMTCONN__": None}},
        {"parameters": {"makeConnectionId": ""}},
    ],
)
def test_a_module_that_takes_a_connection_and_has_none_says_so(fields: dict[str, Any]):
    found = second(**fields)
    assert found.credentials_needed == ("connection",)
    assert "connection" not in found.params


@pytest.mark.parametrize("name", ["__IMTCONN__", "account", "makeConnectionId"])
def test_a_connection_is_found_under_any_of_its_names(name: str):
    found = second(parameters={name: 42})
    assert found.credentials_needed == ("connection",)
    assert found.params["connection"] == 42


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"parameters": {"datastore": 3, "hook": 4}},
        {"metadata": {"parameters": [{"name": "hook", "type": "hook:gateway-webhook"}]}},
        {"metadata": {"parameters": [{"name": "a", "type": "accounting"}]}},
        {"metadata": {"parameters": [{"name": "c", "type": "account:x", "required": False}]}},
        {"metadata": {"expect": {"name": "__IMTCONN__"}}},
        {"mapper": {"__IMTCONN__": 3}},
    ],
)
def test_a_module_without_connection_needs_none(fields: dict[str, Any]):
    assert second(**fields).credentials_needed == ()


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [
        ({"mapper": {"duration": 90}}, 1.5),
        ({"mapper": {"duration": "30"}}, 0.5),
        ({"parameters": {"duration": "60"}}, 1),
        ({"mapper": {"duration": "{{1.pause}}"}}, None),
        ({"mapper": {"duration": ""}}, 0),
        ({"mapper": {"duration": -5}}, 0),
        ({}, 0),
    ],
)
def test_a_sleep_says_its_length(fields: dict[str, Any], minutes: float | None):
    wait = second("util:FunctionSleep", **fields).wait
    assert wait is not None
    assert wait.minutes == minutes
    assert second("util:SetVariable2", **fields).wait is None


# -- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handlers", "on_error", "retries"),
    [
        ([module(3, "builtin:Ignore")], "continue", False),
        ([module(3, "builtin:Resume")], "continue", False),
        ([module(3, "slack:CreateMessage"), module(4, "builtin:Resume")], "continue", False),
        ([module(3, "builtin:Commit")], "output", False),
        ([module(3, "builtin:Rollback")], "output", False),
        ([module(3, "slack:CreateMessage")], "output", False),
        ([module(3, "builtin:Break")], "output", True),
        ([module(3, "builtin:Break", mapper={"retry": True})], "output", True),
        ([module(3, "builtin:Break", mapper={"retry": False})], "output", False),
        ([module(3, "builtin:Break", parameters={"retry": False})], "output", False),
        ([], "", False),
        (None, "", False),
        (module(3, "builtin:Ignore"), "", False),
        (["builtin:Ignore"], "", False),
    ],
)
def test_how_an_error_is_met(handlers: Any, on_error: str, retries: bool):
    found = second(onerror=handlers)
    assert (found.on_error, found.retries) == (on_error, retries)


def test_error_handlers_hang_on_an_error_edge():
    handlers = [module(8, "slack:CreateMessage"), module(9, "builtin:Break")]
    graph = graph_of(module(1, WEBHOOK), module(2, onerror=handlers), module(3))
    assert edges(graph)[1:] == [
        ("2", "3", EdgeKind.NEXT, "", 0),
        ("2", "8", EdgeKind.ERROR, "on error", 0),
        ("8", "9", EdgeKind.NEXT, "", 0),
    ]
    assert not lost(graph)
    assert step(graph, "9").outputs == 0
