"""Edge cases: errors that are swallowed, AI that acts on or writes to outsiders unwatched."""

import itertools

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n


def node(name, kind="httpRequest", params=None, version=4.2, **more):
    node_type = kind if "." in kind else f"n8n-nodes-base.{kind}"
    return {
        "id": name,
        "name": name,
        "type": node_type,
        "typeVersion": version,
        "parameters": params or {},
        **more,
    }


def chain(*nodes, **doc):
    """These nodes, each wired to the next."""
    wires = {
        one["name"]: {"main": [[{"node": other["name"], "type": "main", "index": 0}]]}
        for one, other in itertools.pairwise(nodes)
    }
    return n8n(list(nodes), {**wires, **doc.pop("connections", {})}, **doc)


HOURLY = node("S", "scheduleTrigger", version=1.2)
AGENT = "@n8n/n8n-nodes-langchain.agent"


def make(*modules):
    return {"name": "S", "metadata": {"version": 1}, "flow": list(modules)}


FIRST = {"id": 1, "module": "google-sheets:watchRows"}


# -- swallowed-error -----------------------------------------------------------------------

GO_ON = {"onError": "continueRegularOutput"}
USES = node("B", "set", {"value": "={{ $json.total }}"}, 3.4)


def swallowed(*nodes, **doc):
    return findings(chain(HOURLY, *nodes, **doc), "swallowed-error")


@pytest.mark.parametrize(
    "reader",
    [
        USES,
        node("B", "code", {"jsCode": "return items"}, 2),
        node("B", "gmail", {"message": "={{ $json.x }}"}, 2.1),
    ],
)
def test_a_result_used_after_a_swallowed_error_is_found(reader):
    [found] = swallowed(node("A", **GO_ON), reader)
    assert found.node_ids == ("A", "B")
    assert found.severity == "medium"


def test_a_reader_further_on_that_names_the_step_is_found():
    far = node("C", "set", {"value": "={{ $('A').item.json.x }}"}, 3.4)
    [found] = swallowed(node("A", **GO_ON), node("B", "noOp", version=1), far)
    assert found.node_ids == ("A", "C")


@pytest.mark.parametrize(
    "nodes",
    [
        (node("A"), USES),
        (node("A", onError="continueErrorOutput"), USES),
        (node("A", onError="stopWorkflow"), USES),
        (node("A", disabled=True, **GO_ON), USES),
        (node("A", **GO_ON),),
        (node("A", **GO_ON), node("B", "noOp", version=1)),
        (node("A", **GO_ON), node("B", "if", version=2.2), node("C", "set", {"v": "={{ $json }}"})),
        (node("A", **GO_ON), node("B", "filter", version=2), USES | {"name": "C", "id": "C"}),
        (node("A", **GO_ON), node("B", "set", {"v": "={{ $json.error ? 1 : $json.x }}"}, 3.4)),
        (node("A", **GO_ON), node("B", "set", {"v": "={{ $json.x ?? 0 }}"}, 3.4)),
        (node("A", **GO_ON), node("B", "code", {"jsCode": "if (items[0].json.error) {}"}, 2)),
        (node("A", **GO_ON), node("B", "splitInBatches", version=3)),
        (node("A", **GO_ON), node("B", "set", {"v": "={{ $('S').item.json.x }}"}, 3.4)),
        (node("A", "if", version=2.2, **GO_ON), USES),
    ],
)
def test_stopped_checked_and_unused_results_are_fine(nodes):
    assert swallowed(*nodes) == []


def handled(directive, module="http:ActionSendData", reader="{{2.data}}", **more):
    failing = {"id": 2, "module": module, "mapper": {"url": "https://a.com", "method": "post"},
               "onerror": [{"id": 9, "module": f"builtin:{directive}"}]}  # fmt: skip
    return make(FIRST, failing, {"id": 3, "module": "slack:CreateMessage",
                                 "mapper": {"text": reader}, **more})  # fmt: skip


def test_resume_and_ignore_of_make_whose_output_is_used_are_found():
    rule = "swallowed-error"
    assert len(findings(handled("Resume"), rule)) == 1
    assert len(findings(handled("Ignore", "airtable:ActionCreateRecord"), rule)) == 1
    assert findings(handled("Ignore", "airtable:ActionSearchRecords"), rule) == []
    assert findings(handled("Break"), rule) == []
    assert findings(handled("Resume", reader="{{1.data}}"), rule) == []
    checked = {"conditions": [[{"a": "{{2.data}}", "o": "exist"}]]}
    assert findings(handled("Resume", filter=checked), rule) == []


# -- prompt-injection ----------------------------------------------------------------------


def injection(trigger, tool, agent=None):
    tool_wire = {"T": {"ai_tool": [[{"node": "A", "type": "ai_tool", "index": 0}]]}}
    document = chain(trigger, agent or node("A", AGENT, version=2), connections=tool_wire)
    document["nodes"].append(tool)
    return findings(document, "prompt-injection")


MAIL = node("S", "gmailTrigger", version=1.2)
SEND = node("T", "gmailTool", {"sendTo": "x"}, 2.1)
READ = node("T", "gmailTool", {"operation": "getAll"}, 2.1)


@pytest.mark.parametrize(
    "trigger",
    [MAIL, node("S", "webhook", {"path": "x"}, 2), node("S", "telegramTrigger", version=1.2),
     node("S", "@n8n/n8n-nodes-langchain.chatTrigger", version=1.1)],
)  # fmt: skip
def test_outside_text_before_an_agent_that_acts_is_found(trigger):
    [found] = injection(trigger, SEND)
    assert (found.severity, found.confidence) == ("low", "tentative")


def test_agents_that_only_read_or_hear_nobody_are_fine():
    assert injection(MAIL, READ) == []
    assert injection(MAIL, {**SEND, "disabled": True}) == []
    assert injection(HOURLY, SEND) == []
    assert injection(node("S", "manualTrigger", version=1), SEND) == []
    assert injection(node("S", "executeWorkflowTrigger", version=1), SEND) == []
    assert injection(MAIL, SEND, node("A", AGENT, version=2, disabled=True)) == []
    assert injection(MAIL, node("T", "n8n-nodes-custom.thingTool")) == []


def highlevel_agent(tools, prompt="Help: {{message.body}}", triggers=None):
    attributes = {"prompt": prompt, "tools": tools}
    document = highlevel([{"id": "A", "type": "ai_agent", "attributes": attributes}], triggers)
    return findings(document, "prompt-injection")


def test_highlevel_agents_are_judged_by_the_names_of_their_tools():
    assert len(highlevel_agent([{"name": "update_contact"}])) == 1
    assert len(highlevel_agent([{"name": "sendEmail"}])) == 1
    reply = [{"id": "t", "type": "customer_reply", "active": True}]
    assert len(highlevel_agent([{"name": "Book appointment"}], "Help", reply)) == 1
    assert highlevel_agent([{"name": "search_articles"}]) == []
    assert highlevel_agent([{"name": "get_settings"}]) == []
    assert highlevel_agent([]) == []
    assert highlevel_agent(None) == []
    assert highlevel_agent([{"name": 5}, "x", None]) == []
    assert highlevel_agent([{"name": "update_contact"}], "Write a haiku") == []
    clock = [{"id": "t", "type": "scheduler_trigger", "active": True}]
    assert highlevel_agent([{"name": "update_contact"}], "Write a haiku", clock) == []


# -- unreviewed-ai-output ------------------------------------------------------------------

WRITER = node("A", AGENT, version=2)
TO = {"sendTo": "={{ $('S').item.json.from }}", "message": "={{ $json.output }}"}
MESSAGE = node("M", "gmail", TO, 2.1)


def unread(*nodes, **doc):
    return findings(chain(MAIL, *nodes, **doc), "unreviewed-ai-output")


def test_ai_text_straight_to_a_customer_is_found_with_its_path():
    [found] = unread(WRITER, node("F", "set", {"x": 1}, 3.4), MESSAGE)
    assert found.node_ids == ("M", "A")
    assert found.path == ("S", "A", "F", "M")
    assert found.severity == "medium"


APPROVAL = node("P", "slack", {"operation": "sendAndWait", "message": "ok?"}, 2.3)


@pytest.mark.parametrize(
    "nodes",
    [
        (WRITER, APPROVAL, MESSAGE),
        (WRITER, node("I", "if", version=2.2), MESSAGE),
        (WRITER, node("C", "code", {"jsCode": "if (!valid(x)) throw 1"}, 2), MESSAGE),
        (WRITER, node("W", "wait", {"resume": "webhook"}, 1.1), MESSAGE),
        (WRITER, node("M", "gmail", {**TO, "sendTo": "team@acme.com"}, 2.1)),
        (WRITER, node("M", "gmail", {**TO, "sendTo": "={{ $vars.team }}"}, 2.1)),
        (WRITER, node("M", "gmail", {**TO, "message": "Thanks"}, 2.1)),
        (WRITER, node("M", "gmail", {**TO, "operation": "sendAndWait"}, 2.1)),
        (WRITER, node("M", "gmail", TO, 2.1, disabled=True)),
        (WRITER, node("M", "slack", {"text": "={{ $json.output }}"}, 2.3)),
        (node("A", AGENT, version=2, disabled=True), MESSAGE),
        (node("A", "set", version=3.4), MESSAGE),
        (MESSAGE, WRITER),
    ],
)
def test_approved_checked_internal_and_fixed_messages_are_fine(nodes):
    assert unread(*nodes) == []


def sms(body, *between):
    ask = {"id": "ask", "type": "chatgpt", "attributes": {"promptText": "Hi"}, "next": "n0"}
    middle = [
        {"id": f"n{n}", "type": kind, "attributes": attributes, "next": f"n{n + 1}"}
        for n, (kind, attributes) in enumerate(between)
    ]
    last = {"id": f"n{len(between)}", "type": "sms", "attributes": {"body": body}}
    return findings(highlevel([ask, *middle, last]), "unreviewed-ai-output")


def test_highlevel_texts_with_the_answer_of_a_model_are_found():
    pause = ("wait", {"type": "time", "startAfter": {"type": "minutes", "value": 5}})
    assert len(sms("{{chatgpt.1.response}}")) == 1
    assert len(sms("{{ai_agent.output}}", pause)) == 1
    assert sms("Hi {{contact.first_name}}") == []
    assert sms("{{contact.airport}}") == []
    assert sms("{{chatgpt.1.response}}", ("wait", {"type": "reply"})) == []
    assert sms("{{chatgpt.1.response}}", ("if_else", {"if": True, "branches": []})) == []
