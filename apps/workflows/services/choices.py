"""What an account decides about rules: severities and thresholds, findings set aside."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.workflows.analysis.config import ConfigError, parse_rules, require_rule
from apps.workflows.models import RuleSettings, Suppression, Workflow
from apps.workflows.services.checks import invalid


def rule_settings_replace(*, account: Account, rules: Mapping[str, Any]) -> RuleSettings:
    """Make these the account's severities and thresholds. Raises ``validation_error``."""
    try:
        parse_rules(rules)
    except ConfigError as wrong:
        raise invalid(wrong.field, "invalid", wrong.message) from wrong
    with transaction.atomic():
        row, _ = RuleSettings.objects.update_or_create(
            account=account, defaults={"rules": dict(rules), "updated_at": timezone.now()}
        )
    return row


def suppression_create(
    *,
    account: Account,
    reason: str,
    fingerprint: str = "",
    rule_id: str = "",
    workflow: Workflow | None = None,
    node_id: str = "",
    expires_at: datetime.datetime | None = None,
    user: User | None = None,
) -> tuple[Suppression, bool]:
    """Silence a finding, or a rule, from the next analysis on; says whether that is new.

    The same silenced again gets the new reason and expiry. Raises ``validation_error`` for a rule
    that is not there or a time that is over.
    """
    if rule_id:
        try:
            require_rule("ruleId", rule_id)
        except ConfigError as wrong:
            raise invalid("ruleId", "unknown", wrong.message) from wrong
    if expires_at is not None and expires_at <= timezone.now():
        raise invalid("expiresAt", "invalid", "Give a time that is still to come.")
    with transaction.atomic():
        return Suppression.objects.update_or_create(
            account=account,
            fingerprint=fingerprint,
            rule_id=rule_id,
            workflow=workflow,
            node_id=node_id,
            defaults={"reason": reason, "expires_at": expires_at, "created_by": user},
        )


def suppression_delete(suppression: Suppression) -> None:
    suppression.delete()
