"""Edge cases: error outputs, queries, unhandled calls, old steps, pinned data."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n


def node(name, kind="httpRequest", params=None, version=4.2, **more):
    return {
        "id": name,
        "name": name,
        "type": f"n8n-nodes-base.{kind}",
        "typeVersion": version,
        "parameters": params or {},
        **more,
    }


def main(*outputs):
    return {
        "main": [
            [{"node": name, "type": "main", "index": 0} for name in names] for names in outputs
        ]
    }


# -- unwired-error-output ------------------------------------------------------------------


def unwired(step, connections, *others):
    return findings(n8n([step, *others], connections), "unwired-error-output")


OUT = {"onError": "continueErrorOutput"}


@pytest.mark.parametrize(
    "connections", [{}, {"A": main(["B"])}, {"A": main(["B"], [])}, {"A": {"main": [None, None]}}]
)
def test_an_error_output_that_leads_nowhere_is_found(connections):
    [found] = unwired(node("A", **OUT), connections, node("B", "noOp", version=1))
    assert found.severity == "high"


def test_the_error_output_of_an_if_is_its_third():
    step = node("A", "if", version=2.2, **OUT)
    others = [node(name, "noOp", version=1) for name in "BCD"]
    assert len(unwired(step, {"A": main(["B"], ["C"])}, *others)) == 1
    assert unwired(step, {"A": main(["B"], ["C"], ["D"])}, *others) == []


@pytest.mark.parametrize(
    "step",
    [
        node("A"),
        node("A", onError="continueRegularOutput"),
        node("A", onError="stopWorkflow"),
        node("A", continueOnFail=True),
        node("A", onError=5),
        node("A", disabled=True, **OUT),
    ],
)
def test_steps_without_an_error_output_are_fine(step):
    assert unwired(step, {"A": main(["B"])}, node("B", "noOp", version=1)) == []


def test_a_wired_error_output_is_fine_even_when_its_target_is_missing():
    step = node("A", **OUT)
    assert unwired(step, {"A": main([], ["B"])}, node("B", "noOp", version=1)) == []
    assert unwired(step, {"A": main([], ["Gone"])}) == []


def test_the_error_output_of_a_step_that_never_runs_is_no_second_finding():
    start = {**node("Start", version=1), "type": "n8n-nodes-base.manualTrigger"}
    others = [start, node("B", "noOp", version=1)]
    assert unwired(node("A", **OUT), {"Start": main(["B"]), "A": main(["B"])}, *others) == []
    assert len(unwired(node("A", **OUT), {"Start": main(["A"])}, *others)) == 1


def test_an_unknown_type_with_several_outputs_is_not_judged():
    step = {**node("A", **OUT), "type": "n8n-nodes-custom.thing"}
    others = [node(name, "noOp", version=1) for name in "BC"]
    assert unwired(step, {"A": main(["B"], ["C"])}, *others) == []


# -- sql-injection -------------------------------------------------------------------------


def sql(query, kind="postgres", version=2.5, **params):
    params = {"operation": "executeQuery", "query": query, **params}
    return findings(n8n([node("A", kind, params, version)], {}), "sql-injection")


@pytest.mark.parametrize(
    "query",
    [
        "=SELECT * FROM t WHERE a = '{{ $json.a }}'",
        "SELECT * FROM t WHERE a = '{{ $json.a }}'",
        "=DELETE FROM t WHERE a = {{ $('Webhook').item.json.body.id }}",
        "={{ $fromAI('query') }}",
        "=SELECT {{ $input.first().json.a }}",
    ],
)
def test_a_query_put_together_from_data_is_found(query):
    [found] = sql(query)
    assert found.severity == "high"
    assert len(sql(query, "mySql", 2.4)) == 1


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("SELECT * FROM t WHERE a = $1", {"options": {"queryReplacement": "={{ $json.a }}"}}),
        ("=SELECT '{{ $json.a }}' WHERE b = $1", {"options": {"queryReplacement": "x"}}),
        ("=SELECT '{{ $json.a }}'", {"additionalFields": {"queryParams": "a"}}),
        ("SELECT 1", {}),
        ("=SELECT {{ 1 + 1 }}", {}),
        ("=SELECT '{{ 'a' + \"b\" }}'", {}),
        ("=SELECT '{{ $now.toISO() }}', '{{ $vars.schema }}', {{ $execution.id }}", {}),
        ("=SELECT 1", {}),
        (None, {}),
        (["={{ $json.a }}"], {"options": []}),
    ],
)
def test_queries_with_parameters_or_constants_are_fine(query, params):
    assert sql(query, **params) == []


def test_other_operations_and_steps_have_no_query():
    params = {"operation": "insert", "table": "={{ $json.t }}"}
    assert findings(n8n([node("A", "postgres", params, 2.5)], {}), "sql-injection") == []
    assert findings(n8n([node("A", "set", {"query": "={{ $json.q }}"})], {}), "sql-injection") == []


# -- call-without-error-handling -----------------------------------------------------------

HOURLY = node("S", "scheduleTrigger", version=1.2)


def unhandled(*nodes, trigger=HOURLY, **doc):
    return findings(n8n([trigger, *nodes], {}, **doc), "call-without-error-handling")


def test_unhandled_calls_are_one_finding_that_lists_them():
    [found] = unhandled(node("A"), node("B"), node("C", retryOnFail=True))
    assert found.node_ids == ("A", "B")
    assert found.severity == "low"
    assert unhandled(node("A"), active=False)[0].severity == "info"


@pytest.mark.parametrize(
    "step",
    [
        node("A", retryOnFail=True),
        node("A", onError="continueErrorOutput"),
        node("A", onError="continueRegularOutput"),
        node("A", continueOnFail=True),
        node("A", disabled=True),
        node("A", "set", version=3.4),
        {**node("A"), "type": "n8n-nodes-custom.thing"},
    ],
)
def test_handled_calls_and_other_steps_are_fine(step):
    assert unhandled(step) == []


def test_an_error_workflow_handles_all():
    assert unhandled(node("A"), settings={"errorWorkflow": "abc"}) == []


@pytest.mark.parametrize("kind", ["manualTrigger", "executeWorkflowTrigger"])
def test_a_run_that_somebody_watches_is_fine(kind):
    assert unhandled(node("A"), trigger=node("S", kind, version=1)) == []


def test_a_make_module_with_a_handler_is_fine():
    module = {"id": 2, "module": "http:ActionSendData", "mapper": {}}
    start = {"id": 1, "module": "google-sheets:watchRows"}
    document = {"name": "S", "metadata": {}, "flow": [start, module]}
    [found] = findings(document, "call-without-error-handling")
    assert found.node_ids == ("2",)
    module["onerror"] = [{"id": 3, "module": "builtin:Break", "mapper": {}}]
    assert findings(document, "call-without-error-handling") == []


# -- deprecated-step -----------------------------------------------------------------------


def old(*nodes):
    return findings(n8n(list(nodes), {}), "deprecated-step")


def test_retired_types_and_old_major_versions_are_one_finding():
    steps = [node("A", "function", version=1), node("B", version=1), node("C", "set", version=3.4)]
    [found] = old(*steps)
    assert found.node_ids == ("A", "B")
    assert found.severity == "low"


def test_a_retired_type_is_named_with_what_to_use_instead():
    [found] = old(node("A", "openAi", version=1), node("B", "orbit", version=1))
    assert "“A” (retired, use OpenAI (@n8n/" in found.message
    assert "“B” (retired: the service has closed)" in found.message


@pytest.mark.parametrize(
    "step",
    [
        node("A", version=4.1),  # an older minor version
        node("A", "code", version=2),
        node("A", "set", version=99),
        node("A", version=None),
        node("A", version="1"),
        node("A", "function", version=1, disabled=True),
        node("A", "cron", version=1),  # a trigger: another rule's
        {**node("A", version=1), "type": "n8n-nodes-custom.thing"},
        {**node("A", version=1.7), "type": "@n8n/n8n-nodes-langchain.agent"},
    ],
)
def test_current_unknown_and_fast_moving_steps_are_fine(step):
    assert old(step) == []


def test_a_retired_highlevel_step_is_found():
    step = {"id": "A", "type": "create_opportunity", "name": "Deal", "attributes": {}}
    assert len(findings(highlevel([step]), "deprecated-step")) == 1
    step["advanceCanvasMeta"] = {"isDisabled": True}
    assert findings(highlevel([step]), "deprecated-step") == []
    sound = {"id": "A", "type": "sms", "attributes": {"body": "Hi"}}
    assert findings(highlevel([sound]), "deprecated-step") == []


# -- pinned-test-data ----------------------------------------------------------------------


def pinned(data):
    return findings(n8n([node("A"), node("B")], {}, pinData=data), "pinned-test-data")


def test_pinned_data_is_one_finding():
    [found] = pinned({"A": [{"json": {"count": 1}}], "B": [{"json": {"count": 2}}]})
    assert found.node_ids == ("A", "B")
    assert found.severity == "low"


@pytest.mark.parametrize(
    "item",
    [
        {"email": "jane.doe@gmail.com"},
        {"text": "Mail from Jane <jane@doe-family.co.uk>"},
        {"customer": {"firstName": "Jane"}},
        {"phone_number": "+1 555 010 7788"},
    ],
)
def test_pinned_personal_data_weighs_more(item):
    [found] = pinned({"A": [{"json": item}]})
    assert found.severity == "medium"
    assert "jane" not in found.message.lower()


@pytest.mark.parametrize(
    "item",
    [
        {"email": "user@example.com"},
        {"email": "noreply@shop.com"},
        {"handle": "@jane", "url": "https://a.b/@x"},
        {"firstName": ""},
        {"phone": "{}"},
        {"iphone": "15 Pro", "automobile": "VW"},
        {"count": 3, "ok": None},
    ],
)
def test_pinned_data_about_nobody_is_slight(item):
    [found] = pinned({"A": [{"json": item}]})
    assert found.severity == "low"


@pytest.mark.parametrize("data", [None, {}, [], "x", {"A": []}, {"A": None}, {"A": {}}])
def test_no_pinned_data_is_fine(data):
    assert pinned(data) == []
