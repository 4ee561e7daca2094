"""The cast: Alice owns an account, Bob may look at it, Charlie is a stranger with his own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice
from rest_framework.test import APIClient

from apps.accounts.models import Account, ApiToken, Connection, Membership, User
from apps.accounts.tokens import api_token_create
from apps.billing.models import Subscription
from apps.ops.notifications.channels import channels_replace
from apps.workflows.models import Analysis, Scan
from apps.workflows.samples import sample
from apps.workflows.services import analysis_create, suppression_create


@dataclass
class Person:
    user: User
    account: Account
    membership: Membership
    client: APIClient


def person(name: str, account: Account, role: str) -> Person:
    user = User.objects.create_user(f"{name}@example.org", "correct horse battery")
    membership = Membership.objects.create(user=user, account=account, role=role)
    _, token = api_token_create(membership=membership, name="tests")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return Person(user, account, membership, client)


@pytest.fixture
def account(db) -> Account:
    return Account.objects.create(name="Alice's agency")


@pytest.fixture
def alice(account) -> Person:
    return person("alice", account, "owner")


@pytest.fixture
def bob(account) -> Person:
    return person("bob", account, "viewer")


@pytest.fixture
def charlie(db) -> Person:
    return person("charlie", Account.objects.create(name="Charlie's own"), "owner")


@pytest.fixture
def anonymous(db) -> APIClient:
    return APIClient()


def sign_in_staff(client: Client, user: User) -> Client:
    """Signed in as staff are who have given their second factor."""
    device = StaticDevice.objects.create(user=user, name="tests", confirmed=True)
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


@pytest.fixture
def staff(db) -> Client:
    return sign_in_staff(
        Client(), User.objects.create_superuser("staff@example.org", "correct horse")
    )


@pytest.fixture
def admin_client(staff) -> Client:
    """Of pytest-django's, who would be stopped at the second factor."""
    return staff


@pytest.fixture
def pro(account) -> Account:
    Subscription.objects.create(account=account, plan="pro", state="active")
    return account


@pytest.fixture
def analysis(alice) -> Analysis:
    return analysis_create(account=alice.account, user=alice.user, definition=sample("medium"))


@pytest.fixture
def definition() -> dict[str, Any]:
    found: dict[str, Any] = sample("medium")
    return found


@pytest.fixture
def places(alice, analysis) -> Callable[[str], str]:
    """A page's path with the ids of what is Alice's in it."""

    def fill(path: str) -> str:
        found = path.replace("<uuid:pk>", str(analysis.pk))
        found = found.replace("<uuid:earlier>", str(analysis.pk))
        if "<uuid:suppression>" in found:
            silent, _ = suppression_create(
                account=alice.account, rule_id="insecure-url", reason="No TLS there"
            )
            found = found.replace("<uuid:suppression>", str(silent.pk))
        if "<uuid:channel>" in found:
            told = {"name": "Team", "url": f"mailto:{alice.user.email}", "kinds": ["new_critical"]}
            [channel] = channels_replace(
                account_id=alice.account.pk, rows=[told], members=[alice.user.email]
            )
            found = found.replace("<uuid:channel>", str(channel.pk))
        if "<uuid:scan>" in found:
            scan = Scan.objects.create(account=alice.account, created_by=alice.user)
            found = found.replace("<uuid:scan>", str(scan.pk))
        if "<uuid:connection>" in found:
            instance = Connection(
                account=alice.account, provider="n8n", base_url="https://n8n.test"
            )
            instance.seal(token="a key")
            instance.save()
            found = found.replace("<uuid:connection>", str(instance.pk))
        found = found.replace("<int:member>", str(alice.membership.pk))
        token = ApiToken.objects.filter(membership=alice.membership).first()
        found = found.replace("<uuid:token>", str(token.pk) if token else "")
        return found.replace("<uuid:workflow>", str(analysis.workflow_id))

    return fill
