"""Connections on pages: an n8n instance, reading what it has."""

import pytest

from apps.accounts.models import Connection
from apps.workflows.models import Workflow
from tests.players.n8n import KEY, N8n
from tests.players.server import serving

FLOW = {"id": "7", "name": "Watch the stock", "active": True, "nodes": [], "connections": {}}


@pytest.fixture
def n8n(settings):
    settings.ALLOW_PRIVATE_ADDRESSES = True
    with serving(N8n([FLOW])) as url:
        yield url


def connect(client, address, key=KEY):
    return client.post("/settings/connections", {"address": address, "key": key}, follow=True)


def test_instance_is_connected_and_its_key_never_shown(owner, n8n, account):
    page = connect(owner, n8n).content.decode()
    assert "The instance is connected" in page
    assert KEY not in page
    assert Connection.objects.get(account=account).base_url == n8n


def test_connected_platform_is_read_by_a_click(
    owner, n8n, account, django_capture_on_commit_callbacks
):
    connect(owner, n8n)
    assert "Read from the platform" in owner.get("/workflows").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert owner.post("/workflows/sync").status_code == 302
    assert Workflow.objects.get(account=account).name == "Watch the stock"


def test_wrong_key_is_explained_and_nothing_kept(owner, n8n):
    answer = connect(owner, n8n, "wrong")
    assert answer.status_code == 502
    assert 'role="alert"' in answer.content.decode()
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("", KEY), ("nonsense", KEY), ("https://n8n.test/?a=b", KEY), ("https://n8n.test", ""),
        ("http://127.0.0.1:1", KEY), ("https://10.0.0.1", KEY), ("https://n8n.test", "käse"),
    ],
)  # fmt: skip
def test_wrong_input_is_explained(owner, address, key):
    answer = connect(owner, address, key)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_connection_is_forgotten_by_an_owner_alone(owner, stranger, alice, n8n):
    connect(owner, n8n)
    found = Connection.objects.get()
    assert stranger.post(f"/settings/connections/{found.pk}").status_code == 404
    alice.membership.role = "member"
    alice.membership.save()
    assert owner.post(f"/settings/connections/{found.pk}").status_code == 403
    alice.membership.role = "owner"
    alice.membership.save()
    owner.post(f"/settings/connections/{found.pk}")
    assert not Connection.objects.exists()


def test_reading_without_a_connection_says_what_to_do(owner):
    answer = owner.post("/workflows/sync")
    assert answer.status_code == 409
    assert "No platform is connected" in answer.content.decode()
