"""Writes the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Model

from apps.ops import context

if TYPE_CHECKING:
    from apps.ops.audit.models import AuditEntry


def audit_record(*, actor: Model | str, action: str, target: Model, reason: str = "") -> AuditEntry:
    """Call it in the transaction of the act: one without the other must not be found.

    `actor` is a user, or the name of what acted where there is none.
    """
    # Only when called: apps import this module while their models are still being loaded.
    from apps.ops.audit.models import AuditEntry

    return AuditEntry.objects.create(
        actor_id=None if isinstance(actor, str) else actor.pk,
        actor=str(actor)[:254],
        action=action,
        target_type=target._meta.label,
        target_id=str(target.pk),
        target=str(target)[:300],
        reason=reason.strip(),
        request_id=context.request_id.get() or "",
    )
