"""The map of an account and who uses what, on pages."""

from __future__ import annotations

import json
import re

import pytest

from apps.billing.models import Subscription
from apps.workflows.platforms.loading import documents
from apps.workflows.services import workflow_import


def workflow(identity: str, name: str, *, starts_on: str, adds: str):
    """One that a tag starts, and that adds another."""
    return {
        "workflow": {
            "_id": identity,
            "name": name,
            "status": "published",
            "workflowData": {
                "templates": [
                    {
                        "id": f"{identity}-add",
                        "type": "add_contact_tag",
                        "name": f"Add {adds}",
                        "order": 0,
                        "attributes": {"tags": [adds]},
                    }
                ]
            },
        },
        "triggers": [
            {
                "id": f"{identity}-trigger",
                "type": "contact_tag",
                "name": f"Tag {starts_on} added",
                "status": "published",
                "active": True,
                "conditions": [
                    {"field": "tagsAdded", "operator": "index-of-true", "value": starts_on}
                ],
            }
        ],
    }


@pytest.fixture
def circle(account, pro):
    """A adds what starts B, and B what starts A."""
    for sent in (
        workflow("a", "Nurture", starts_on="cold", adds="hot"),
        workflow("b", "Cool <down>", starts_on="hot", adds="cold"),
    ):
        workflow_import(account=account, documents=documents(json.dumps(sent).encode(), "x.json"))


def test_map_shows_who_starts_whom_and_the_circle(viewer, circle):
    page = viewer.get("/map").content.decode()
    assert "1 circle" in page
    assert page.count("data-edge=") == 2
    assert page.count("data-findings=") == 2
    assert "Cool &lt;down&gt;" in page
    assert "<down>" not in page


def test_map_of_workflows_that_start_nobody_says_so(viewer, analysis, pro):
    page = viewer.get("/map").content.decode()
    assert "starts another one" in page or "data-picture" in page


def test_map_of_nothing_leads_on(owner, pro):
    assert "There is nothing to draw yet" in owner.get("/map").content.decode()


@pytest.mark.parametrize("path", ["/map", "/references"])
def test_free_plan_is_told_what_it_lacks(owner, path):
    answer = owner.get(path)
    assert answer.status_code == 402
    assert "/settings/plan" in answer.content.decode()


def test_references_list_what_is_read_and_written(viewer, circle):
    page = viewer.get("/references").content.decode()
    rows = re.findall(r"/references\?exact=1&amp;kind=(\w+)&amp;value=([^\"]+)", page)
    assert {("tag", "hot"), ("tag", "cold")} <= set(rows)


def test_one_thing_shows_every_step_that_uses_it(viewer, circle):
    page = viewer.get("/references?exact=1&kind=tag&value=hot").content.decode()
    assert "Add hot" in page
    assert "writes" in page
    assert "reads" in page
    assert "Add cold" not in page


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("value=HO", "hot"),
        ("value=zebra", "Nothing of this name"),
        ("exact=1&kind=tag&value=zebra", "Nothing reads or writes it"),
        ("kind=nonsense", "hot"),
        ("value=%00&page=x", "Nothing of this name"),
    ],
)
def test_search_in_references(viewer, circle, query, says):
    assert says in viewer.get(f"/references?{query}").content.decode()


def test_account_of_others_is_in_neither(stranger, charlie, circle):
    Subscription.objects.create(account=charlie.account, plan="pro", state="active")
    assert "Nurture" not in stranger.get("/map").content.decode()
    assert "value=hot" not in stranger.get("/references").content.decode()
