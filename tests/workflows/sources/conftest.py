"""The played platforms, connected to Alice's account."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from apps.accounts.models import Connection
from tests.accounts.conftest import highlevel
from tests.accounts.connecting import connected
from tests.players.n8n import KEY, N8n
from tests.players.server import serving

__all__ = ["highlevel"]


@pytest.fixture
def connection(alice, highlevel) -> Connection:
    return connected(alice.account, highlevel)


@pytest.fixture
def n8n(alice, settings) -> Iterator[N8n]:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    player = N8n()
    with serving(player) as url:
        instance = Connection(account=alice.account, provider="n8n", base_url=url)
        instance.seal(token=KEY)
        instance.save()
        yield player


@pytest.fixture
def sync(alice, django_capture_on_commit_callbacks) -> Callable[[], None]:
    """Asks for a sync over the API and lets it run."""

    def run() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            assert alice.client.post("/api/workflows/sync").status_code == 202

    return run
