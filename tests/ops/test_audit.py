"""The trail says who did what, to what, and why."""

import pytest
from django.db import transaction

from apps.ops import context
from apps.ops.audit import audit_record
from apps.ops.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_entry_names_actor_target_reason_and_request(alice):
    token = context.request_id.set("d89ff212-0000-4000-8000-000000000000")
    try:
        entry = audit_record(
            actor=alice.user, action="rename", target=alice.account, reason=" asked by phone "
        )
    finally:
        context.request_id.reset(token)
    assert (entry.actor, entry.actor_id) == ("alice@example.org", alice.user.pk)
    assert (entry.target_type, entry.target_id) == ("accounts.Account", str(alice.account.pk))
    assert entry.reason == "asked by phone"
    assert entry.request_id.startswith("d89ff212")


def test_command_can_act_without_a_user(alice):
    entry = audit_record(actor="erase_account", action="erase", target=alice.account)
    assert (entry.actor, entry.actor_id, entry.request_id) == ("erase_account", None, "")


def test_entry_outlives_its_target(alice, account):
    audit_record(actor=alice.user, action="erase", target=account)
    account.delete()
    assert AuditEntry.objects.get().target == "Alice's agency"


def test_entry_of_an_act_that_failed_never_was(alice):
    with transaction.atomic():
        audit_record(actor=alice.user, action="rename", target=alice.account)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
