"""What the owners of an account are told about its connections."""

from __future__ import annotations

import logging

from apps.accounts.models import Connection, Membership
from apps.accounts.oauth.sign_in import NO_ADDRESS
from apps.ops.errors import ApplicationError
from apps.ops.notifications import notify
from apps.ops.notifications.email import email_enqueue

logger = logging.getLogger(__name__)


def tell_of_trouble(connection: Connection, reason: str = "") -> None:
    """The owners by e-mail, and whoever else listens; in the caller's transaction."""
    account = connection.account
    context = {
        "account": account.name,
        "provider": "n8n" if connection.provider == Connection.Provider.N8N else "HighLevel",
        "reason": reason or connection.last_error,
        "path": "/settings",
    }
    notify(account.pk, "connection_attention", context)
    owners = Membership.objects.filter(
        account=account, role=Membership.Role.OWNER, user__is_active=True
    )
    for email in owners.values_list("user__email", flat=True):
        if email.endswith(f"@{NO_ADDRESS}"):
            continue
        try:
            email_enqueue(
                "connection_attention",
                to=email,
                context=context,
                account_id=account.pk,
                key=f"{connection.pk}:{email}",
            )
        except ApplicationError:
            # The connection is in trouble whether or not somebody can be told.
            logger.warning("an owner of %s has no address to write to", account.pk)
