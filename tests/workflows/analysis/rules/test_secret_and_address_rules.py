"""Edge cases: secrets in steps, and the addresses steps call."""

import json

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n

TOKEN = "b7e2D9xk41mPq8Zt"


def node(name, params, kind="httpRequest", **more):
    return {
        "id": name,
        "name": name,
        "type": f"n8n-nodes-base.{kind}",
        "typeVersion": 4.2,
        "parameters": params,
        **more,
    }


def http(params, **doc):
    return n8n([node("A", params)], {}, **doc)


def secrets(document):
    return findings(document, "hardcoded-secret")


# -- hardcoded-secret ----------------------------------------------------------------------

HEADERS = {"parameters": [{"name": "X-Api-Key", "value": TOKEN}]}


@pytest.mark.parametrize(
    "document",
    [
        http({"headerParameters": HEADERS}),
        http({"options": {"headers": {"X-Api-Key": TOKEN}}}),
        http({"jsonBody": '={"api_key": "' + TOKEN + '", "x": "{{ $json.x }}"}'}),
        http({"queryParameters": {"parameters": [{"name": "api_key", "value": TOKEN}]}}),
        http({"password": "hunter2!"}),
        n8n([node("A", {"jsCode": f"const apiKey = '{TOKEN}'"}, "code")], {}),
        n8n([node("A", {"url": "https://me:hunter2x@acme.com/x"})], {}),
        highlevel([{"id": "A", "type": "chatgpt", "attributes": {"apiKey": TOKEN}}]),
        highlevel(
            [
                {
                    "id": "A",
                    "type": "custom_webhook",
                    "attributes": {"authorization": {"type": "bearer", "data": {"token": TOKEN}}},
                }
            ]
        ),
        [
            {"id": "t", "type": "tab", "label": "Flow"},
            {"id": "A", "type": "http request", "z": "t", "x": 1, "y": 1, "wires": [[]],
             "headers": [{"keyType": "other", "keyValue": "", "key": "apiKey", "value": TOKEN}]},
        ],
        {
            "name": "S",
            "metadata": {},
            "flow": [
                {"id": 1, "module": "http:ActionSendData",
                 "mapper": {"headers": [{"name": "Authorization", "value": f"Bearer {TOKEN}"}]}},
            ],
        },
    ],
)  # fmt: skip
def test_a_secret_is_found_on_every_platform_and_never_shown(document):
    [found] = secrets(document)
    assert found.severity == "critical"
    told = json.dumps([found.message, found.remedy, found.title, found.fingerprint])
    assert TOKEN not in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    "params",
    [
        {"headerParameters": {"parameters": [{"name": "X-Api-Key", "value": "={{ $json.k }}"}]}},
        {"headerParameters": {"parameters": [{"name": "X-Api-Key", "value": "YOUR_API_KEY_1"}]}},
        {"headerParameters": {"parameters": [{"name": "X-Request-Id", "value": TOKEN}]}},
        {
            "headerParameters": {
                "parameters": [{"name": "Authorization", "value": "Bearer <TOKEN>"}]
            }
        },
        {"assignments": [{"name": "id", "value": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}]},
        {"assignments": [{"name": "sha256", "value": "9f86d081884c7d659a2feaa0c55ad015" * 2}]},
        {"publicKey": "pk_" + "live_" + TOKEN},
        {"maxTokens": "4096409640"},
        {"authentication": "genericCredentialType", "genericAuthType": "httpHeaderAuth1"},
        {"jsCode": "const apiKey = $env.API_KEY_2024;"},
        {"text": f"The document id is {TOKEN}"},
        {"documentId": {"__rl": True, "value": "1aZ3kQ9xT7pLm2VbN8cR4wYj6HsD1fGe5uKtX0oIqab"}},
        {"apiKey": None, "token": 12345678901, "password": ["a", {}], "secret": {"value": True}},
    ],
)
def test_expressions_placeholders_ids_and_hashes_are_no_secret(params):
    assert secrets(http(params)) == []


def test_notes_and_disabled_steps_are_no_source():
    assert secrets(n8n([node("A", {"content": f"password: '{TOKEN}'"}, "stickyNote")], {})) == []
    assert secrets(n8n([node("A", {"apiKey": TOKEN}, disabled=True)], {})) == []


def test_one_secret_in_several_steps_and_places_is_one_finding():
    both = {"headerParameters": HEADERS, "jsonBody": f'{{"api_key": "{TOKEN}"}}'}
    [found] = secrets(n8n([node("A", both), node("B", {"apiKey": TOKEN})], {}))
    assert found.node_ids == ("A", "B")


def test_a_key_that_opens_test_data_weighs_less():
    [found] = secrets(http({"body": "sk_" + "test_" + "aZ3kQ9xT7pLm2VbN8cR4wYj6"}))
    assert found.severity == "high"


# -- secret-in-url -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [f"https://a.acme.com/x?api_key={TOKEN}", f"=https://a.b/{{{{ $json.id }}}}?token={TOKEN}",
     f"https://a.acme.com/x?y=1&access_token={TOKEN}", f"https://a.acme.com/x?key={TOKEN}"],
)  # fmt: skip
def test_a_literal_key_in_an_address_is_found_and_not_shown(url):
    [found] = findings(http({"url": url}), "secret-in-url")
    assert TOKEN not in found.message
    assert found.severity == "high"


@pytest.mark.parametrize(
    "url",
    [
        "=https://a.acme.com/x?api_key={{ $json.key }}",
        "https://a.acme.com/x?api_key={{custom_values.key}}",
        "https://a.acme.com/x?api_key=YOUR_API_KEY",
        "https://a.acme.com/x?api_key=",
        "https://a.acme.com/x?api_key=<key>",
        f"https://a.acme.com/x?keyword={TOKEN}",
        f"https://a.acme.com/x?next_page_token={TOKEN}",
        f"https://a.acme.com/x?id={TOKEN}",
        "https://a.acme.com/x#api_key=1",
        "api_key=" + TOKEN,
    ],
)
def test_addresses_without_a_literal_key_are_fine(url):
    assert findings(http({"url": url}), "secret-in-url") == []


def test_an_address_built_in_code_is_fine_when_the_key_is_added_by_the_run():
    code = "return fetch(`https://a.acme.com/x?api_key=${key}`)"
    assert findings(n8n([node("A", {"jsCode": code}, "code")], {}), "secret-in-url") == []


# -- insecure-url --------------------------------------------------------------------------


def insecure(params, kind="httpRequest"):
    return findings(n8n([node("A", params, kind)], {}), "insecure-url")


@pytest.mark.parametrize("url", ["http://acme.com/x", "=http://acme.com/{{ $json.id }}"])
def test_a_call_without_encryption_is_found(url):
    [found] = insecure({"url": url})
    assert found.severity == "high"


def test_a_call_in_code_is_found():
    code = "// http://www.w3.org/2000/svg\nreturn fetch('http://acme.com/x')"
    [found] = insecure({"jsCode": code}, "code")
    assert "acme.com" in found.message


@pytest.mark.parametrize(
    "params",
    [
        {"url": "https://acme.com"},
        {"url": "http://localhost:3000"},
        {"url": "http://127.0.0.1/x"},
        {"url": "http://192.168.1.5/x"},
        {"url": "http://ollama:11434/api"},
        {"url": "=http://{{ $json.host }}/x"},
        {"url": "http://{{custom_values.host}}/x"},
        {"url": "={{ $json.url }}"},
        {"body": "See http://acme.com/x"},
        {"html": "<a href='http://acme.com'>"},
        {"documentId": {"value": "x", "cachedResultUrl": "http://acme.com"}},
        {"url": None},
        {"url": ["http://acme.com"], "options": {"url": 5}},
    ],
)
def test_calls_that_stay_inside_and_mere_mentions_are_fine(params):
    assert insecure(params) == []


def test_namespaces_in_code_are_no_call():
    code = "const ns = 'http://www.w3.org/2000/svg'; const link = \"http://acme.com\";"
    assert insecure({"jsCode": code}, "code") == []


def test_one_finding_per_host():
    steps = [node(n, {"url": f"http://acme.com/{n}"}) for n in "AB"]
    steps.append(node("C", {"url": "http://other.com"}))
    found = findings(n8n(steps, {}), "insecure-url")
    assert sorted(each.node_ids for each in found) == [("A", "B"), ("C",)]


# -- test-endpoint-url ---------------------------------------------------------------------

TEST_URLS = [
    "http://localhost:3000/x", "http://127.0.0.1:5678", "https://abc.ngrok-free.app/x",
    "https://x.trycloudflare.com", "https://webhook.site/1-2", "https://x.requestcatcher.com/test",
    "https://n8n.acme.com/webhook-test/orders", "=https://n8n.acme.com/webhook-test/{{ $json.p }}",
]  # fmt: skip


@pytest.mark.parametrize("url", TEST_URLS)
def test_a_test_address_is_grave_in_a_live_workflow_and_slight_in_a_draft(url):
    [live] = findings(http({"url": url}), "test-endpoint-url")
    [draft] = findings(http({"url": url}, active=False), "test-endpoint-url")
    assert (live.severity, draft.severity) == ("high", "low")


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.com/webhook/orders",
        "https://acme.com/x",
        "https://mylocalhost.com/x",
        "https://notwebhook.site.acme.com",
        "https://acme.com/?next=https://webhook.site/1",
        "https://acme.com/webhook-testing",
        "http://10.0.0.7/x",
        "={{ $json.url }}",
        "https://ngrok.io.acme.com",
    ],
)
def test_live_addresses_are_fine(url):
    assert findings(http({"url": url}), "test-endpoint-url") == []


def test_a_mention_in_a_text_is_no_call():
    assert findings(http({"body": "https://webhook.site/1"}), "test-endpoint-url") == []


def test_localhost_is_slight_on_node_red_and_a_tunnel_is_not():
    def flow(url):
        return [
            {"id": "t", "type": "tab", "label": "Flow"},
            {
                "id": "A",
                "type": "http request",
                "z": "t",
                "x": 1,
                "y": 1,
                "wires": [[]],
                "url": url,
            },
        ]

    [near] = findings(flow("http://localhost:1880/x"), "test-endpoint-url")
    [far] = findings(flow("https://abc.ngrok.io/x"), "test-endpoint-url")
    assert (near.severity, far.severity) == ("low", "high")


def test_a_highlevel_webhook_and_a_make_request_are_calls():
    step = {"id": "A", "type": "webhook", "attributes": {"url": "https://webhook.site/1"}}
    assert len(findings(highlevel([step]), "test-endpoint-url")) == 1
    module = {"id": 1, "module": "http:ActionSendData", "mapper": {"url": "https://x.ngrok.io"}}
    document = {"name": "S", "metadata": {}, "flow": [module]}
    assert len(findings(document, "test-endpoint-url")) == 1
