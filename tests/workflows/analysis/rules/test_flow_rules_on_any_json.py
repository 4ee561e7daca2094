"""Whatever JSON stands in the parameters, the rules about flow, conditions and webhooks go on.

``findings`` fails when a rule has raised.
"""

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.analysis.builders import findings, highlevel
from tests.workflows.analysis.drawing import drawn, module, scenario

ANY_RULE = "loop-without-exit"
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
KEYS = st.sampled_from(
    [
        *("conditions", "combinator", "operator", "type", "operation", "leftValue", "rightValue"),
        *("values", "rules", "segments", "branches", "transitions", "id", "name", "else", "mode"),
        *("options", "fallbackOutput", "reset", "batching", "string", "number", "value1"),
        *("conditionType", "conditionSubType", "conditionOperator", "conditionValue", "flow"),
        *("filter", "disabled", "label", "feeder", "parameters", "path", "httpMethod", "field"),
        *("responseMode", "startAfter", "value", "value2"),
    ]
)
JSON = st.recursive(
    SCALARS | st.sampled_from(["and", "or", "equals", "number", "string", "==", "={{ $json.a }}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=6)
N8N_TYPES = [
    *("if", "switch", "filter", "merge", "splitInBatches", "wait", "webhook", "formTrigger"),
    *("respondToWebhook", "httpRequest", "code", "set"),
]


@given(st.lists(st.tuples(st.sampled_from(N8N_TYPES), OBJECTS), min_size=2, max_size=4), st.data())
def test_any_parameters_of_n8n(made, data):
    nodes = {
        f"N{n}": {
            "type": f"n8n-nodes-base.{kind}",
            "typeVersion": data.draw(st.sampled_from([1, 2, 2.1, 3, 3.2])),
            "parameters": params,
        }
        for n, (kind, params) in enumerate(made)
    }
    ends = st.sampled_from(sorted(nodes))
    wire = st.builds("{}.{} > {}.{}".format, ends, st.integers(0, 2), ends, st.integers(0, 1))
    document = drawn(nodes, *data.draw(st.lists(wire, max_size=8)))
    findings(document, ANY_RULE)


HIGHLEVEL_TYPES = [
    "if_else",
    "workflow_split",
    "wait",
    "goto",
    "custom_webhook",
    "sms",
    "transition",
]
IDS = st.sampled_from(["a", "b", "c"])


@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(HIGHLEVEL_TYPES), "attributes": OBJECTS | JSON},
            optional={
                "id": IDS | JSON,
                "next": IDS | st.lists(IDS) | JSON,
                "parentKey": IDS | JSON,
            },
        ),
        max_size=4,
    ),
    st.lists(st.fixed_dictionaries({"type": SCALARS, "conditions": JSON}), max_size=2),
    JSON,
)
def test_any_attributes_of_highlevel(steps, triggers, fields):
    findings({"workflows": [highlevel(steps, triggers)], "customFields": [fields]}, ANY_RULE)


NODE_RED_TYPES = ["http in", "http response", "http request", "catch", "function", "switch"]


@given(st.lists(st.tuples(st.sampled_from(NODE_RED_TYPES), OBJECTS, JSON), max_size=4))
def test_any_settings_of_node_red(made):
    tab = {"id": "t", "type": "tab"}
    nodes = [
        {"scope": wires, **more, "id": str(n), "type": kind, "z": "t", "wires": wires}
        for n, (kind, more, wires) in enumerate(made)
    ]
    findings([tab, *nodes], ANY_RULE)


MAKE_TYPES = [
    *("builtin:BasicRouter", "builtin:BasicIfElse", "builtin:BasicFeeder", "builtin:Break"),
    *("builtin:BasicAggregator", "util:FunctionSleep", "http:ActionSendData"),
]


@given(st.lists(st.tuples(st.sampled_from(MAKE_TYPES), JSON, JSON), max_size=4), OBJECTS)
def test_any_settings_of_make(made, settings):
    modules = [
        module(n, kind, routes=[{"flow": one, "filter": other}, one], branches=other, filter=one,
               mapper=other, parameters=one, onerror=other)
        for n, (kind, one, other) in enumerate(made)
    ]  # fmt: skip
    findings(scenario(module(9, "gateway:CustomWebHook"), *modules, **settings), ANY_RULE)
