"""Edge cases: error workflows, timeouts, retries, swallowed errors, risky steps, AI."""

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

# -- no-error-workflow ---------------------------------------------------------------------


def test_an_active_workflow_without_an_error_workflow_is_found():
    [found] = findings(chain(HOURLY), "no-error-workflow")
    assert (found.severity, found.node_ids) == ("low", ())


@pytest.mark.parametrize(
    "document",
    [
        chain(HOURLY, active=False),
        {key: value for key, value in chain(HOURLY).items() if key != "active"},
        chain(HOURLY, settings={"errorWorkflow": "abc"}),
        chain(node("E", "errorTrigger", version=1)),
    ],
)
def test_inactive_and_handled_workflows_and_error_workflows_are_fine(document):
    assert findings(document, "no-error-workflow") == []


def test_default_is_no_error_workflow():
    assert findings(chain(HOURLY, settings={"errorWorkflow": "DEFAULT"}), "no-error-workflow")


# -- no-timeout ----------------------------------------------------------------------------


def request(name, **more):
    params = {"url": "https://a.com", **more.pop("params", {})}
    return node(name, params=params, **more)


def test_calls_without_a_timeout_are_one_finding():
    [found] = findings(chain(HOURLY, request("A"), request("B")), "no-timeout")
    assert (found.severity, found.node_ids) == ("low", ("A", "B"))
    [found] = findings(chain(HOURLY, request("A"), active=False), "no-timeout")
    assert found.severity == "info"


@pytest.mark.parametrize(
    "document",
    [
        chain(HOURLY, request("A"), settings={"executionTimeout": 600}),
        chain(HOURLY, request("A", params={"options": {"timeout": 5000}})),
        chain(HOURLY, request("A", disabled=True)),
        chain(HOURLY, node("A", "set", version=3.4)),
        chain(HOURLY, node("A", "slack", version=2.3)),
        chain(node("M", "manualTrigger", version=1), request("A")),
        chain(node("W", "executeWorkflowTrigger", version=1), request("A")),
        chain(HOURLY, node("A", "n8n-nodes-custom.thing")),
    ],
)
def test_timed_local_and_watched_runs_are_fine(document):
    assert findings(document, "no-timeout") == []


@pytest.mark.parametrize("timeout", [-1, 0, True, "600", None, []])
def test_values_that_are_no_timeout_do_not_count(timeout):
    document = chain(HOURLY, request("A"), settings={"executionTimeout": timeout})
    assert len(findings(document, "no-timeout")) == 1


# -- retry-ignored -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [{"onError": "continueRegularOutput"}, {"onError": "continueErrorOutput"},
     {"continueOnFail": True}],
)  # fmt: skip
def test_a_retry_beside_continue_is_found(more):
    [found] = findings(chain(HOURLY, node("A", retryOnFail=True, **more)), "retry-ignored")
    assert found.severity == "medium"


@pytest.mark.parametrize(
    "more",
    [
        {"retryOnFail": True},
        {"retryOnFail": True, "onError": "stopWorkflow"},
        {"onError": "continueRegularOutput"},
        {"retryOnFail": False, "onError": "continueRegularOutput"},
        {"retryOnFail": "yes", "onError": "continueRegularOutput"},
        {"retryOnFail": True, "onError": "continueRegularOutput", "disabled": True},
        {"retryOnFail": True, "onError": 5},
    ],
)
def test_a_retry_that_runs_is_fine(more):
    assert findings(chain(HOURLY, node("A", **more)), "retry-ignored") == []


# -- retry-of-non-idempotent-call ----------------------------------------------------------

TWICE = "retry-of-non-idempotent-call"


def twice(kind, params, version=4.2, **more):
    return findings(
        chain(HOURLY, node("A", kind, params, version, retryOnFail=True, **more)), TWICE
    )


@pytest.mark.parametrize(
    ("kind", "params", "version"),
    [
        ("httpRequest", {"method": "POST", "url": "https://a.com/v1/orders"}, 4.2),
        ("gmail", {"sendTo": "x@acme.com"}, 2.1),
        ("googleSheets", {"operation": "append"}, 4.5),
        ("stripe", {"resource": "charge", "operation": "create"}, 1),
    ],
)
def test_a_retry_that_acts_twice_is_found(kind, params, version):
    [found] = twice(kind, params, version)
    assert found.severity == "medium"


@pytest.mark.parametrize(
    ("kind", "params", "version"),
    [
        ("httpRequest", {"url": "https://a.com/v1/orders"}, 4.2),
        ("httpRequest", {"method": "PUT", "url": "https://a.com/v1/orders"}, 4.2),
        ("httpRequest", {"method": "DELETE", "url": "https://a.com/v1/orders/1"}, 4.2),
        ("httpRequest", {"method": "POST", "url": "https://a.com/v1/search"}, 4.2),
        ("httpRequest", {"method": "POST", "url": "https://a.com/graphql"}, 4.2),
        ("httpRequest", {"method": "POST", "url": "https://a.com/v1/chat/completions"}, 4.2),
        (
            "httpRequest",
            {"method": "POST", "url": "https://a.com/o", "headers": {"h": "Idempotency-Key"}},
            4.2,
        ),
        ("googleSheets", {"operation": "appendOrUpdate"}, 4.5),
        ("googleSheets", {"operation": "update"}, 4.5),
        ("airtable", {"operation": "upsert"}, 2.1),
        ("postgres", {"operation": "upsert"}, 2.5),
        (AGENT, {}, 2),
        ("n8n-nodes-custom.thing", {"operation": "create"}, 1),
        ("httpRequest", {"method": ["POST"], "url": 5}, 4.2),
    ],
)
def test_calls_that_may_be_repeated_are_fine(kind, params, version):
    assert twice(kind, params, version) == []


def test_without_a_retry_or_with_one_that_is_ignored_it_is_fine():
    post = {"method": "POST", "url": "https://a.com/v1/orders"}
    assert findings(chain(HOURLY, node("A", params=post)), TWICE) == []
    assert twice("httpRequest", post, onError="continueRegularOutput") == []


def make(*modules):
    return {"name": "S", "metadata": {"version": 1}, "flow": list(modules)}


FIRST = {"id": 1, "module": "google-sheets:watchRows"}


def test_a_break_handler_of_make_retries():
    post = {"url": "https://a.com/orders", "method": "post"}
    module = {"id": 2, "module": "http:ActionSendData", "mapper": post}
    assert findings(make(FIRST, module), TWICE) == []
    module["onerror"] = [{"id": 3, "module": "builtin:Break", "mapper": {"retry": True}}]
    assert len(findings(make(FIRST, module), TWICE)) == 1
    module["mapper"] = {**post, "url": "https://a.com/search"}
    assert findings(make(FIRST, module), TWICE) == []


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


# -- risky-node ----------------------------------------------------------------------------


def test_risky_steps_are_one_finding_for_information():
    [found] = findings(
        chain(HOURLY, node("A", "executeCommand", version=1), node("B", "ssh", version=1)),
        "risky-node",
    )
    assert (found.severity, found.node_ids) == ("info", ("A", "B"))
    execute = [
        {"id": "t", "type": "tab", "label": "F"},
        {"id": "A", "type": "exec", "z": "t", "x": 1, "y": 1, "wires": [[], [], []]},
    ]
    assert len(findings(execute, "risky-node")) == 1


@pytest.mark.parametrize(
    "step",
    [
        node("A"),
        node("A", "code", version=2),
        node("A", "executeCommand", version=1, disabled=True),
        node("A", "n8n-nodes-custom.executeCommand"),
    ],
)
def test_other_steps_are_no_risk(step):
    assert findings(chain(HOURLY, step), "risky-node") == []


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
