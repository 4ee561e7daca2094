"""Many requests at once, on a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from apps.accounts.models import ApiToken
from apps.accounts.tokens import api_token_create
from apps.ops.notifications.models import Channel
from apps.workflows.models import Analysis, ShareLink, Workflow, WorkflowVersion
from apps.workflows.samples import sample

AT_ONCE = 16

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(send: Any) -> list[Any]:
    """What the calls answer that all begin at the same moment, each on a connection of its own."""
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> Any:
        barrier.wait(timeout=30)
        try:
            return send(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def client_with(plain: str) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    return client


def test_same_workflow_sent_many_times_at_once_is_one_workflow(alice):
    _, plain = api_token_create(membership=alice.membership, name="x")

    def send(number: int) -> Any:
        body = {"definition": sample("medium"), "name": f"Name {number}"}
        return client_with(plain).post("/api/analyze", body, format="json")

    answers = at_once(send)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"]["workflow"]["id"] for answer in answers}) == 1
    assert Workflow.objects.count() == 1
    assert Analysis.objects.count() == AT_ONCE
    assert ApiToken.objects.get(name="x").last_used_at


def test_analysis_deleted_by_many_at_once_is_gone_without_a_fault(alice, analysis):
    _, plain = api_token_create(membership=alice.membership, name="x")
    url = f"/api/analysis/{analysis.pk}"
    answers = at_once(lambda _: client_with(plain).delete(url))
    statuses = [answer.status_code for answer in answers]
    assert 204 in statuses
    assert set(statuses) <= {204, 404}
    assert not Analysis.objects.exists()


def test_analysis_shared_and_deleted_at_once_is_a_fault_of_nobody(alice, pro, analysis):
    _, plain = api_token_create(membership=alice.membership, name="x")
    url = f"/api/analysis/{analysis.pk}"

    def send(number: int) -> Any:
        client = client_with(plain)
        return client.delete(url) if number % 2 else client.post(f"{url}/share", {}, format="json")

    assert {answer.status_code for answer in at_once(send)} <= {201, 204, 404}
    assert not Analysis.objects.exists()
    assert not ShareLink.objects.exists()


def test_channels_replaced_by_many_at_once_are_those_of_one(alice, pro):
    _, plain = api_token_create(membership=alice.membership, name="x")

    def send(number: int) -> Any:
        row = {"url": f"json://example.org/{number}", "kinds": ["scan_finished"]}
        body = {"channels": [{**row, "name": f"{number} {each}"} for each in range(3)]}
        return client_with(plain).put("/api/settings/notifications", body, format="json")

    assert {answer.status_code for answer in at_once(send)} == {200}
    names = Channel.objects.values_list("name", flat=True)
    assert len(names) == 3
    assert len({name.split()[0] for name in names}) == 1


def test_the_same_import_many_times_at_once_adds_it_once(alice):
    _, plain = api_token_create(membership=alice.membership, name="x")
    body = {"definition": [sample("medium"), sample("healthy")]}
    answers = at_once(lambda _: client_with(plain).post("/api/workflows", body, format="json"))
    assert sorted(answer.status_code for answer in answers) == [200] * (AT_ONCE - 1) + [201]
    told = [answer.json()["data"] for answer in answers]
    assert sum(each["imported"] for each in told) == 2
    assert sum(each["unchanged"] for each in told) == 2 * (AT_ONCE - 1)
    assert len({row["id"] for each in told for row in each["workflows"]}) == 2
    assert Workflow.objects.count() == WorkflowVersion.objects.count() == 2


def test_imports_at_once_never_take_more_than_the_plan_has_room_for(alice):
    _, plain = api_token_create(membership=alice.membership, name="x")

    def send(number: int) -> Any:
        workflow = {"name": f"W{number}", "templates": [], "status": "draft"}
        body = {"definition": {"workflow": workflow}}
        return client_with(plain).post("/api/workflows", body, format="json")

    statuses = sorted(answer.status_code for answer in at_once(send))
    assert statuses == [201] * 10 + [402] * (AT_ONCE - 10)
    assert Workflow.objects.count() == 10
