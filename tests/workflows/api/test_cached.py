"""Lists are made once and kept until something in them changes; never another account's."""

import pytest
from django.db import transaction

from apps.billing.models import Subscription
from apps.workflows.models import Analysis, Workflow
from apps.workflows.platforms.loading import Document
from apps.workflows.samples import sample
from apps.workflows.services import (
    Listed,
    analysis_create,
    analysis_delete,
    workflow_analyse,
    workflow_from_listing,
    workflow_import,
)

pytestmark = pytest.mark.django_db(transaction=True)


def total(person, path: str) -> int:
    return person.client.get(path).json()["meta"]["pagination"]["total"]


def bring(account, name: str) -> None:
    definition = {"workflow": {"name": name, "templates": []}}
    workflow_import(account=account, documents=[Document("x", definition)])


def test_a_list_asked_again_costs_no_query_of_its_own(alice, analysis, django_assert_num_queries):
    for path, own in (("/api/workflows", 0), ("/api/history", 1)):  # the plan is looked up
        first = alice.client.get(path).json()["data"]
        with django_assert_num_queries(1 + own):  # the token
            assert alice.client.get(path).json()["data"] == first


def test_whatever_changes_a_list_is_seen_in_the_next_answer(alice):
    account = alice.account
    assert total(alice, "/api/workflows") == 0
    bring(account, "One")
    assert total(alice, "/api/workflows") == 1
    rows = [Listed("w", "Two")]
    source = Workflow.Source.HIGHLEVEL
    workflow_from_listing(account=account, platform="highlevel", source=source, rows=rows)
    assert total(alice, "/api/workflows") == 2
    assert total(alice, "/api/history") == 0
    first = analysis_create(account=account, definition=sample("medium"))
    assert (total(alice, "/api/workflows"), total(alice, "/api/history")) == (3, 1)
    assert first.workflow
    workflow_analyse(workflow=first.workflow)
    assert total(alice, "/api/history") == 2
    Analysis.objects.update(grade="")  # behind the back of the services: not seen
    assert {row["grade"] for row in alice.client.get("/api/history").json()["data"]} != {None}
    analysis_delete(first)
    assert total(alice, "/api/history") == 1


def test_a_write_that_is_taken_back_changes_no_list(alice):
    assert total(alice, "/api/workflows") == 0
    with transaction.atomic():
        bring(alice.account, "One")
        transaction.set_rollback(True)
    assert total(alice, "/api/workflows") == 0


def test_every_filter_order_page_and_plan_is_kept_apart(alice):
    for name in ("Alpha", "Beta"):
        bring(alice.account, name)
    analysis_create(account=alice.account, definition=sample("medium"))

    def names(query: str) -> list[str]:
        return [row["name"] for row in alice.client.get(f"/api/workflows?{query}").json()["data"]]

    for _ in range(2):
        assert names("search=alp") == ["Alpha"]
        assert names("search=bet") == ["Beta"]
        assert names("ordering=name&pageSize=1") == ["Alpha"]
        assert names("ordering=name&pageSize=1&page=2") == ["Beta"]
        assert names("platform=n8n") == []
        assert names("grade=High Risk")[0] not in ("Alpha", "Beta")
    hidden = alice.client.get("/api/history").json()["data"][0]["hiddenIssues"]
    Subscription.objects.create(account=alice.account, plan="pro", state="active")
    assert hidden == 4
    assert alice.client.get("/api/history").json()["data"][0]["hiddenIssues"] == 0


def test_nobody_sees_what_was_kept_for_another(alice, bob, charlie, analysis):
    for path in ("/api/workflows", "/api/history"):
        assert total(alice, path) == total(bob, path) == 1
        assert total(charlie, path) == 0
    bring(charlie.account, "Mine")
    assert total(charlie, "/api/workflows") == 1
    assert total(alice, "/api/workflows") == 1
