"""A secret that a rule finds is in no report, no answer, no log line and no row."""

import json
import logging

import pytest

from apps.workflows.inspection import inspect_document
from apps.workflows.models import Analysis, Workflow
from apps.workflows.reports import formats, report
from apps.workflows.reports.run import Entry, Run

SECRET = "sk_live_" + "9Q2mVx7Lr4TzK8pWc3Yb6NdE"
TOKEN = "Zq9xW3vB7nM1kL5jH8gF2dS4aP6oI0uY"


def definition() -> dict:
    url = f"https://api.acme-tools.com/v1/orders?api_key={TOKEN}"
    headers = {"parameters": [{"name": "Authorization", "value": f"Bearer {SECRET}"}]}
    nodes = [
        ("1", "Start", "manualTrigger", {}),
        ("2", "Call", "httpRequest", {"url": url, "headerParameters": headers}),
        ("3", "Code", "code", {"jsCode": f"const key = '{SECRET}'; return items;"}),
    ]
    return {
        "name": "Orders",
        "active": True,
        "nodes": [
            {
                "id": key, "name": name, "type": f"n8n-nodes-base.{kind}", "typeVersion": 2,
                "position": [0, 0], "parameters": parameters,
            }
            for key, name, kind, parameters in nodes
        ],
        "connections": {
            "Start": {"main": [[{"node": "Call", "type": "main", "index": 0}]]},
            "Call": {"main": [[{"node": "Code", "type": "main", "index": 0}]]},
        },
    }  # fmt: skip


def holds_none(text: str) -> bool:
    return SECRET not in text and TOKEN not in text and SECRET[-12:] not in text


@pytest.mark.parametrize("name", formats())
def test_no_report_shows_it(name):
    entries = [Entry("orders.json", item.analysis) for item in inspect_document(definition())]
    out = report(name).render(Run(entries, files=1))
    assert "hardcoded-secret" in out
    assert "secret-in-url" in out
    assert holds_none(out)


def test_neither_the_answer_nor_the_log_nor_the_database_holds_it(alice, pro, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = alice.client.post("/api/analyze", {"definition": definition()}, format="json")
    assert answer.status_code == 200
    assert "hardcoded-secret" in answer.content.decode()
    assert holds_none(answer.content.decode())
    assert holds_none(caplog.text)
    rows = [*Analysis.objects.values(), *Workflow.objects.values()]
    assert rows
    assert holds_none(json.dumps(rows, default=str))


@pytest.mark.parametrize(
    "body",
    [
        {"definition": definition(), "platform": "highlevel"},
        {"definition": definition() | {"nodes": SECRET}, "settings": {"rules": {"x": "off"}}},
        {"definition": {"hello": SECRET}},
    ],
)
def test_an_error_does_not_repeat_it(alice, caplog, body):
    with caplog.at_level(logging.DEBUG):
        answer = alice.client.post("/api/analyze", body, format="json")
    assert answer.status_code in (400, 422)
    assert holds_none(answer.content.decode())
    assert holds_none(caplog.text)
