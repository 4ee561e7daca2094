"""Edge cases: error workflows, timeouts, retries, risky steps."""

import itertools

import pytest

from tests.workflows.analysis.builders import findings, n8n


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


def test_a_call_that_no_run_comes_to_keeps_none_waiting():
    document = chain(HOURLY, node("A", "set", version=3.4))
    document["nodes"].append(request("Lost"))
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
    assert found.severity == "low"
    assert "before version 1.100" in found.message  # later ones do what the settings say


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
