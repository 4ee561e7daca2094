"""How to get each documented answer out of each operation: what a good request needs to be."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from apps.workflows.models import Scan, Workflow
from apps.workflows.samples import sample
from apps.workflows.services import Listed, workflow_from_listing
from tests.accounts import provoking as accounts
from tests.cast import Person

Sent = dict[str, Any]

#: The body of a good request.
BODIES: dict[str, Any] = {
    "analysis_share": {"expiresInDays": 30},
    "simulate": {"definition": sample("medium")},
    "analyze": {"definition": sample("medium")},
    "test_analyze": {"sample": "medium"},
    "notification_settings_replace": {"channels": []},
    "notification_test": {"url": "mailto:alice@example.org"},
    "scan_create": {"scope": "account"},
    "rule_settings_replace": {"rules": {"insecure-url": "off"}},
    "suppress": {"ruleId": "insecure-url", "reason": "The printer has no TLS"},
    "workflow_import": {"definition": sample("healthy")},
    **accounts.BODIES,
}

#: The query of a good request.
QUERIES = {"analysis_compare": "?with={id}"}
#: What only a paid plan does.
PAID = {
    "account_map",
    "analysis_share",
    "references",
    "scan_create",
    "notification_settings_replace",
    "notification_test",
}

#: What to change in it so that the answer has this status.
CHANGES: dict[int, Sent] = {
    400: {"query": "?page=0&format=x&with=x&since=x", "body": {"expiresInDays": 0}},
    404: {"query": f"?page=99&with={uuid.uuid4()}", "id": uuid.uuid4(), "rule_id": "no-such-rule"},
    406: {"accept": "text/html"},
    413: {"body": {"longer": "than allowed"}},
    415: {"type": "text/plain", "body": {}},
    422: {"body": {"definition": {"hello": 1}}},
}


def _no_room(alice: Person) -> Sent:
    """Ten workflows, which is all that the free plan allows."""
    for number in range(9):
        definition = {**sample("medium"), "workflow": {"_id": f"w{number}", "templates": []}}
        alice.client.post("/api/workflows", {"definition": definition}, format="json")
    return {}


def _known(alice: Person) -> Sent:
    return {"body": {"definition": sample("medium")}}


def _listed(alice: Person) -> Sent:
    [workflow] = workflow_from_listing(
        account=alice.account,
        platform="highlevel",
        source=Workflow.Source.HIGHLEVEL,
        rows=[Listed("w1", "Welcome")],
    )
    return {"id": workflow.pk}


def _silenced(alice: Person) -> Sent:
    alice.client.post("/api/suppressions", BODIES["suppress"], format="json")
    return {}


def _over(alice: Person) -> Sent:
    return {"id": Scan.objects.create(account=alice.account, state="done").pk}


#: Where an operation needs more than that: (operation, status) -> what prepares it and says what
#: to change. Alice has analysed the sample “medium”.
PREPARE: dict[tuple[str, int], Callable[[Person], Sent]] = {
    ("analyze", 404): lambda alice: {"body": {"workflowId": str(uuid.uuid4())}},
    ("analyze", 409): lambda alice: {"body": {"workflowId": str(_listed(alice)["id"])}},
    ("scan_create", 400): lambda alice: {"body": {"scope": "world"}},
    ("scan_cancel", 409): _over,
    ("notification_test", 404): lambda alice: {"body": {"channelId": str(uuid.uuid4())}},
    ("suppress", 200): _silenced,
    ("suppress", 404): lambda alice: {
        "body": {**BODIES["suppress"], "workflowId": str(uuid.uuid4())}
    },
    ("workflow_import", 402): _no_room,
    ("workflow_import", 200): _known,
    ("workflow_structure", 409): _listed,
    **accounts.PREPARE,
    ("simulate", 409): lambda alice: {"body": {"workflowId": str(_listed(alice)["id"])}},
    ("simulate", 404): lambda alice: {"body": {"workflowId": str(uuid.uuid4())}},
}
