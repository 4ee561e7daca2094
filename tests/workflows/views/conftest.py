"""People with browsers: signed in by a session, asking for HTML, checked for CSRF when told."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Person

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def browser(who: Person | None = None, **options) -> Client:
    client = Client(HTTP_ACCEPT=HTML, raise_request_exception=False, **options)
    if who is not None:
        client.force_login(who.user)
    return client


@pytest.fixture
def visitor(db) -> Client:
    return browser()


@pytest.fixture
def owner(alice) -> Client:
    return browser(alice)


@pytest.fixture
def viewer(bob) -> Client:
    return browser(bob)


@pytest.fixture
def stranger(charlie) -> Client:
    return browser(charlie)
