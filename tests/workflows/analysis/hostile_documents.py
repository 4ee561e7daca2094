"""Definitions of every platform with a mark in every text field."""

from __future__ import annotations

import itertools
from typing import Any

from tests.workflows.analysis.hostile import JSON, MARK

# -- HighLevel -----------------------------------------------------------------------------

_WAIT = {"type": "time", "startAfter": {"type": "days", "value": 1, "when": "after"}}
_BRANCHES = [
    {
        "id": "yes", "name": MARK, "operator": "and",
        "segments": [{"operator": "and", "conditions": [
            {"conditionType": "contact_detail", "conditionSubType": MARK,
             "conditionOperator": "==", "conditionValue": MARK},
            {"conditionType": "contact_detail", "conditionSubType": "tags",
             "conditionOperator": "index-of-true", "conditionValue": [MARK]},
        ]}],
    }
]  # fmt: skip


_ROWS: list[tuple[str, JSON]] = [
    ("sms", {"body": MARK, "attachments": [MARK]}),
    ("wait", _WAIT),
    ("email", {"subject": MARK, "html": MARK, "preHeader": MARK, "from_name": MARK}),
    ("email", {"subject": f"Hi {MARK}", "html": f"<p>{MARK}</p>", "from_email": MARK}),
    ("wait", {**_WAIT, "window": {"start": MARK, "end": MARK}}),
    ("wait", {"type": "time", "startAfter": {"type": MARK, "value": MARK}}),
    ("wait", {"type": "appointment", "appointmentStartAfter": {
        "type": MARK, "value": MARK, "when": "before"}}),
    ("sms", {"body": f"See you tomorrow {MARK}"}),
    ("internal_notification", {"type": "email", "email": {
        "subject": MARK, "html": MARK, "userType": "custom_email", "to": MARK}}),
    ("add_contact_tag", {"tags": [MARK]}),
    ("update_contact_field", {"fields": [{"field": MARK, "value": MARK}]}),
    ("custom_webhook", {
        "url": MARK, "method": "POST", "body": {"rawData": MARK},
        "headers": [{"key": "Authorization", "value": MARK}, {"key": MARK, "value": MARK}],
        "parameters": [{"key": MARK, "value": MARK}],
        "authorization": {"type": "bearer", "data": {"token": MARK, "api_key": MARK}}}),
    ("webhook", {"url": f"https://api.example.io/{MARK}?key={MARK}", "customData": [
        {"key": MARK, "value": MARK}]}),
    ("custom_code", {"code": MARK, "language": "javascript", "inputData": {"a": MARK}}),
    ("chatgpt", {"apiKey": MARK, "promptText": MARK}),
    ("ai_agent", {"tools": [{"name": MARK}], "instructions": MARK}),
    ("create_opportunity", {"pipeline_id": MARK, "pipeline_stage_id": MARK,
                            "opportunity_name": MARK, "monetary_value": MARK}),
    ("internal_update_opportunity", {"pipelineId": MARK, "__customInputFields__": [
        {"filterField": MARK, "value": MARK}]}),
    ("add_to_workflow", {"workflow_id": [MARK]}),
    ("assign_user", {"user_list": [MARK]}),
    ("google_sheets", {"spreadsheet": MARK, "rows": [{"column": MARK}]}),
    ("review_request", {"review_type": "sms", "body": MARK}),
    ("facebook_conversion_api", {"access_token": MARK}),
    ("add_notes", {"html": MARK}),
    ("no_such_type", {MARK: MARK}),
    ("if_else", {"if": True, "version": 2, "noneBranchName": MARK, "branches": _BRANCHES}),
]  # fmt: skip


def _highlevel_steps() -> list[JSON]:
    steps: list[JSON] = [
        {"id": f"s{n:02}", "type": kind, "name": f"{n} {MARK}", "order": n, "attributes": attributes,
         "next": f"s{n + 1:02}", "comments": [MARK]}
        for n, (kind, attributes) in enumerate(_ROWS)
    ]  # fmt: skip
    condition = steps[-1] | {"nodeType": "condition-node", "next": ["yes", "no"]}
    marker = {"type": "if_else", "parentKey": condition["id"]}
    return [
        *steps[:-1],
        condition,
        {**marker, "id": "yes", "nodeType": "branch-yes", "name": MARK, "attributes": {"if": False},
         "next": "last"},
        {**marker, "id": "no", "nodeType": "branch-no", "name": MARK, "attributes": {"else": True}},
        {"id": "last", "type": "sms", "name": MARK, "attributes": {"body": MARK}},
    ]  # fmt: skip


HIGHLEVEL = {
    "name": MARK, "status": "published", "timezone": MARK, "workflowNote": MARK,
    "window": {"start": MARK, "end": MARK},
    "workflowData": {"templates": _highlevel_steps()},
    "triggers": [
        {"id": "t1", "type": "contact_tag", "name": MARK, "active": True, "conditions": [
            {"field": "tagsAdded", "operator": "==", "value": MARK},
            {"field": MARK, "operator": MARK, "value": [MARK, MARK]}]},
        {"id": "t2", "type": "form_submission", "name": f"T {MARK}", "active": True, "conditions": []},
        {"id": "t3", "type": "inbound_webhook", "name": MARK, "active": True},
        {"id": "t4", "type": MARK, "name": MARK, "active": True},
    ],
}  # fmt: skip


# -- n8n -----------------------------------------------------------------------------------

_HTTP_HEADERS = {
    "parameters": [{"name": "Authorization", "value": MARK}, {"name": MARK, "value": MARK}]
}
_N8N_ROWS: list[tuple[str, float, JSON]] = [
    ("webhook", 2, {"path": MARK, "httpMethod": "POST", "responseMode": "responseNode"}),
    ("httpRequest", 4.2, {
        "url": f"={MARK}", "method": "POST", "sendHeaders": True, "headerParameters": _HTTP_HEADERS,
        "sendQuery": True, "queryParameters": {"parameters": [{"name": MARK, "value": MARK}]},
        "sendBody": True, "specifyBody": "json", "jsonBody": f"={MARK}"}),
    ("httpRequest", 4.2, {"url": f"https://api.acme.io/{MARK}?key={MARK}", "options": {MARK: MARK}}),
    ("code", 2, {"jsCode": MARK}),
    ("code", 2, {"language": "python", "pythonCode": MARK}),
    ("function", 1, {"functionCode": f"const a = {MARK}"}),
    ("set", 3.4, {"assignments": {"assignments": [
        {"id": "1", "name": MARK, "type": "string", "value": f"={MARK}"},
        {"id": "2", "name": "api_key", "type": "string", "value": MARK}]}}),
    ("if", 2.2, {"conditions": {"combinator": "and", "conditions": [
        {"leftValue": f"={{{{ {MARK} }}}}", "rightValue": MARK,
         "operator": {"type": "string", "operation": "equals"}},
        {"leftValue": f"={MARK}", "rightValue": MARK,
         "operator": {"type": "number", "operation": "gt"}}]}}),
    ("switch", 3.2, {"rules": {"values": [
        {"outputKey": MARK, "conditions": {"combinator": "and", "conditions": [
            {"leftValue": MARK, "rightValue": MARK,
             "operator": {"type": "string", "operation": "regex"}}]}}]}}),
    ("postgres", 2.5, {"operation": "executeQuery", "query": f"={MARK}"}),
    ("mySql", 2.4, {"operation": "executeQuery", "query": f"SELECT {MARK} {{{{ $json.a }}}}"}),
    ("gmail", 2.1, {"sendTo": MARK, "subject": MARK, "message": MARK}),
    ("slack", 2.2, {"text": MARK, "channelId": {"__rl": True, "value": MARK, "mode": "id"}}),
    ("html", 1.2, {"html": MARK}),
    ("executeCommand", 1, {"command": MARK}),
    ("wait", 1.1, {"amount": MARK, "unit": MARK}),
    ("merge", 3, {"mode": "combineBySql", "query": MARK}),
    ("executeWorkflow", 1.2, {"workflowId": {"__rl": True, "value": MARK, "mode": "id"}}),
    ("stickyNote", 1, {"content": MARK}),
    ("respondToWebhook", 1.1, {"respondWith": "text", "responseBody": f"={MARK}"}),
]  # fmt: skip


def _n8n() -> JSON:
    nodes: list[JSON] = [
        {"id": str(n), "name": f"{n} {MARK}", "type": f"n8n-nodes-base.{kind}", "typeVersion": version,
         "position": [200 * n, 0], "parameters": parameters, "notes": MARK, "webhookId": MARK,
         "credentials": {MARK: {"id": MARK, "name": MARK}}}
        for n, (kind, version, parameters) in enumerate(_N8N_ROWS)
    ]  # fmt: skip
    agent = "@n8n/n8n-nodes-langchain."
    extra = [
        {"id": "a", "name": f"Agent {MARK}", "type": f"{agent}agent", "typeVersion": 1.7,
         "position": [0, 0], "parameters": {"text": f"={MARK}", "options": {"systemMessage": MARK}}},
        {"id": "b", "name": f"Tool {MARK}", "type": f"{agent}toolCode", "typeVersion": 1.1,
         "position": [0, 0], "parameters": {"name": MARK, "description": MARK, "jsCode": MARK}},
        {"id": "c", "name": f"Odd {MARK}", "type": MARK, "typeVersion": 1, "position": [0, 0],
         "parameters": {MARK: [MARK, {MARK: MARK}]}},
    ]  # fmt: skip
    names = [node["name"] for node in nodes] + [f"Agent {MARK}", f"Odd {MARK}"]
    connections: JSON = {
        name: {"main": [[{"node": after, "type": "main", "index": 0}]]}
        for name, after in itertools.pairwise(names)
    }
    connections[f"Tool {MARK}"] = {
        "ai_tool": [[{"node": f"Agent {MARK}", "type": "ai_tool", "index": 0}]]
    }
    connections[f"Nobody {MARK}"] = {"main": [[{"node": f"Missing {MARK}", "type": "main"}]]}
    return {
        "name": MARK, "active": True, "nodes": [*nodes, *extra], "connections": connections,
        "settings": {"timezone": MARK}, "tags": [{"name": MARK}],
        "pinData": {names[1]: [{"json": {MARK: MARK}}]},
    }  # fmt: skip


N8N = _n8n()


# -- Node-RED ------------------------------------------------------------------------------

_NODE_RED_ROWS: list[tuple[str, JSON]] = [
    ("http in", {"url": MARK, "method": "post"}),
    ("inject", {"topic": MARK, "payload": MARK, "props": [{"p": "payload", "v": MARK}]}),
    ("function", {"func": MARK, "initialize": MARK, "finalize": MARK}),
    ("change", {"rules": [{"t": "set", "p": MARK, "to": MARK}]}),
    ("switch", {"property": MARK, "rules": [{"t": "eq", "v": MARK}, {"t": "regex", "v": MARK}]}),
    ("template", {"template": MARK, "field": MARK}),
    ("http request", {"url": f"http://{MARK}", "method": "POST", "headers": [
        {"keyType": "other", "keyValue": MARK, "valueType": "other", "valueValue": MARK}]}),
    ("http request", {"url": MARK, "method": "GET"}),
    ("exec", {"command": MARK, "append": MARK}),
    ("e-mail", {"server": MARK, "name": MARK}),
    ("mqtt out", {"topic": MARK}),
    ("debug", {"complete": MARK}),
    ("comment", {"info": MARK}),
    ("no such type", {MARK: MARK, "token": MARK}),
    ("http response", {"statusCode": MARK, "headers": {MARK: MARK}}),
]  # fmt: skip
NODE_RED: list[JSON] = [
    {"id": "tab", "type": "tab", "label": MARK, "info": MARK, "env": [{"name": MARK, "value": MARK}]},
    {"id": "sub", "type": "subflow", "name": MARK, "info": MARK, "in": [], "out": []},
    {"id": "broker", "type": "mqtt-broker", "name": MARK, "broker": MARK},
    *(
        {"id": f"n{n:02}", "type": kind, "z": "tab", "name": f"{n} {MARK}", "x": 1, "y": 1,
         "wires": [[f"n{n + 1:02}"]] if n + 1 < len(_NODE_RED_ROWS) else [], **fields}
        for n, (kind, fields) in enumerate(_NODE_RED_ROWS)
    ),
]  # fmt: skip


# -- Make ----------------------------------------------------------------------------------


def _module(number: int, name: str, **fields: Any) -> JSON:
    return {
        "id": number, "module": name, "version": 1, "parameters": {MARK: MARK},
        "metadata": {"designer": {"x": 0, "y": 0, "name": MARK}}, **fields,
    }  # fmt: skip


_FILTER = {"name": MARK, "conditions": [[{"a": f"{{{{1.{MARK}}}}}", "o": "text:equal", "b": MARK}]]}
MAKE = {
    "name": MARK,
    "flow": [
        _module(1, "gateway:CustomWebHook"),
        _module(2, "http:ActionSendData", mapper={
            "url": MARK, "method": "post", "data": MARK, "qs": [{"name": MARK, "value": MARK}],
            "headers": [{"name": "Authorization", "value": MARK}, {"name": MARK, "value": MARK}]}),
        _module(3, "util:SetVariable2", mapper={"name": MARK, "value": f"{{{{2.{MARK}}}}}"},
                filter=_FILTER),
        _module(4, "email:ActionSendEmail", mapper={"to": [MARK], "subject": MARK, "html": MARK}),
        _module(5, "openai-gpt-3:CreateCompletion", mapper={"messages": [{"content": MARK}]}),
        _module(6, "mysql:ExecuteQuery", mapper={"query": MARK}),
        _module(7, "json:ParseJSON", mapper={"json": MARK}, onerror=[
            _module(8, "builtin:Resume", mapper={MARK: MARK})]),
        _module(9, "app:noSuchThing", mapper={MARK: {MARK: [MARK]}}),
        _module(10, "builtin:BasicRouter", mapper=None, routes=[
            {"flow": [_module(11, "slack:CreateMessage", mapper={"text": MARK}, filter=_FILTER)]},
            {"flow": [_module(12, "telegram:SendMessage", mapper={"text": f"{{{{11.{MARK}}}}}"})]}]),
    ],
    "metadata": {"instant": True, "scenario": {"roundtrips": 1, "dlq": False}, "designer": {
        "orphans": []}, "notes": [{"content": MARK}], "zone": MARK},
}  # fmt: skip

DOCUMENTS: dict[str, Any] = {
    "HighLevel": HIGHLEVEL, "n8n": N8N, "Node-RED": NODE_RED, "Make": MAKE,
}  # fmt: skip
