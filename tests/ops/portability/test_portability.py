"""What an account owns can be taken along whole, and forgotten whole; nobody else's is touched."""

import io
import json
import uuid
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import Account, ApiToken, Connection, User
from apps.billing.models import StripeSubscription, Subscription
from apps.ops.errors import ApplicationError
from apps.ops.models import AuditEntry, Job
from apps.ops.portability.erasing import account_erase
from apps.ops.portability.exporting import write_zip
from apps.ops.portability.ownership import owned
from apps.webhooks.models import Delivery
from apps.workflows.models import Analysis, Workflow

pytestmark = pytest.mark.django_db
#: Tables with no row of an account, each with its reason.
OF_NOBODY = {
    "accounts.SignInState": "lives for minutes, before anybody is known",
    "ops.Alert": "about the service",
    "ops.AuditEntry": "what staff did; outlives what it was done to",
    "ops.EmailSuppression": "who asked for no mail must get none, with an account or without",
    "ops.Schedule": "about the service",
    "ops.Worker": "about the service",
    "webhooks.DeliveryCount": "numbers of all senders together",
}


@pytest.fixture
def filled(account, alice, bob, analysis):
    """Alice's account with a row in most tables."""
    account.location_id = "loc_1"
    account.save(update_fields=["location_id"])
    Subscription.objects.create(account=account, customer_id="cus_1")
    connection = Connection(account=account, provider="highlevel")
    connection.sealed_token = "sealed-and-secret"
    connection.save()
    Job.objects.create(kind="test.x", queue="default", account_id=account.pk, request_id="r")
    for event, owner, subject in (("e1", account.pk, ""), ("e2", None, "loc_1"), ("e3", None, "")):
        Delivery.objects.create(
            source="highlevel", event_id=event, type="x", body="{}", account_id=owner,
            subject=subject, event_created=timezone.now(),
        )  # fmt: skip
    return account


def as_zip(account: Account) -> bytes:
    target = io.BytesIO()
    write_zip(account, target)
    return target.getvalue()


def tables() -> set[str]:
    return {each.model._meta.label for each in owned(Account)}


def test_every_table_of_ours_is_either_owned_or_said_to_be_nobodys():
    from django.apps import apps

    ours = {
        model._meta.label
        for config in apps.get_app_configs()
        if config.name.startswith("apps.")
        for model in config.get_models()
    }
    assert ours - tables() - set(OF_NOBODY) == set()
    assert tables() & set(OF_NOBODY) == set()


def test_export_holds_every_row_of_the_account_and_no_other(filled, charlie):
    with zipfile.ZipFile(io.BytesIO(as_zip(filled))) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert {name[:-5].replace("/", ".") for name in found if name.endswith(".json")} == tables()
    people = json.loads(found["accounts/User.json"])
    assert {each["email"] for each in people} == {"alice@example.org", "bob@example.org"}
    assert len(json.loads(found["workflows/Analysis.json"])) == 1
    assert len(json.loads(found["webhooks/Delivery.json"])) == 1
    whole = "".join(found.values())
    assert "charlie" not in whole
    assert str(charlie.account.pk) not in whole


def test_definitions_and_findings_are_in_the_export(filled, analysis):
    with zipfile.ZipFile(io.BytesIO(as_zip(filled))) as archive:
        (row,) = json.loads(archive.read("workflows/Analysis.json"))
    assert row["findings"]["issues"]
    assert row["created_at"].endswith("Z")


def test_export_holds_nothing_secret(filled):
    with zipfile.ZipFile(io.BytesIO(as_zip(filled))) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
    secrets = [*ApiToken.objects.values_list("digest", flat=True), "sealed-and-secret"]
    secrets += User.objects.values_list("password", flat=True)
    assert not [secret for secret in secrets if secret in whole]


def test_command_writes_json_to_a_file_and_overwrites_none(filled, tmp_path, capsys):
    target = tmp_path / "out.json"
    arguments = ["export_account", "loc_1", "--format", "json", "--output", str(target)]
    call_command(*arguments)
    assert set(json.loads(target.read_text())) == tables()
    with pytest.raises(CommandError, match="left as it is"):
        call_command(*arguments)


@pytest.mark.parametrize("name", ["nobody@example.org", str(uuid.UUID(int=7)), "", "loc_2"])
def test_unknown_account_is_told(filled, name):
    for command in (["export_account", name], ["erase_account", name, "--reason", "x", "--yes"]):
        with pytest.raises(CommandError, match="No account"):
            call_command(*command)


def test_person_in_two_accounts_names_neither(filled, alice, charlie):
    charlie.account.memberships.create(user=alice.user, role="member")
    with pytest.raises(CommandError, match="several"):
        call_command("export_account", "alice@example.org")


def rows_of(account_id: uuid.UUID) -> dict[str, int]:
    return {each.model._meta.label: each.rows(account_id).count() for each in owned(Account)}


def test_erased_account_leaves_no_row(filled, charlie, capsys):
    others = rows_of(charlie.account.pk)
    call_command("erase_account", str(filled.pk), "--reason", "asked by letter", "--yes")
    assert set(rows_of(filled.pk).values()) == {0}
    assert rows_of(charlie.account.pk) == others
    assert set(User.objects.values_list("email", flat=True)) == {"charlie@example.org"}
    assert set(Delivery.objects.values_list("event_id", flat=True)) == {"e3"}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == ("account-erase", "asked by letter")


def test_nothing_is_erased_without_saying_yes(filled):
    before = rows_of(filled.pk)
    with pytest.raises(CommandError, match="--yes"):
        call_command("erase_account", str(filled.pk), "--reason", "x")
    assert rows_of(filled.pk) == before


def test_reason_must_be_given(filled):
    with pytest.raises(CommandError, match="reason"):
        call_command("erase_account", str(filled.pk), "--yes")


def test_person_of_another_account_stays(filled, bob, charlie):
    charlie.account.memberships.create(user=bob.user, role="viewer")
    account_erase(account=filled, actor="tests", reason="x")
    assert User.objects.filter(email="bob@example.org").exists()
    assert not User.objects.filter(email="alice@example.org").exists()


def test_staff_stay(filled, alice):
    User.objects.filter(pk=alice.user.pk).update(is_staff=True)
    account_erase(account=filled, actor="tests", reason="x")
    assert User.objects.filter(pk=alice.user.pk).exists()


def test_account_that_still_pays_is_not_erased(filled):
    subscription = filled.subscription
    stripe = StripeSubscription.objects.create(
        subscription=subscription, stripe_id="sub_1", status="active"
    )
    before = rows_of(filled.pk)
    with pytest.raises(ApplicationError, match="cancel"):
        account_erase(account=filled, actor="tests", reason="x")
    assert rows_of(filled.pk) == before
    assert not AuditEntry.objects.exists()
    stripe.status = "canceled"
    stripe.save(update_fields=["status"])
    account_erase(account=filled, actor="tests", reason="x")
    assert not Workflow.objects.exists()
    assert not Analysis.objects.exists()
