"""``manage.py erase_account``: forgets an account and everything it owns."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.portability import account_named
from apps.ops.errors import ApplicationError
from apps.ops.portability.erasing import account_erase


class Command(BaseCommand):
    help = "Erase an account with all its data, and the people who are in no other. No way back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", help="its id, HighLevel location or a member's e-mail")
        parser.add_argument("--reason", required=True, help="stands in the audit trail")
        parser.add_argument("--yes", action="store_true", help="really do it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            account = account_named(options["account"])
            if not options["yes"]:
                raise CommandError(
                    f"This would erase {account.name} ({account.pk}) for good. Export it first "
                    f"(export_account {account.pk}), then add --yes."
                )
            gone = account_erase(account=account, actor="erase_account", reason=options["reason"])
        except ApplicationError as refused:
            raise CommandError(refused.message) from refused
        told = ", ".join(f"{count} {label}" for label, count in sorted(gone.items()))
        self.stdout.write(f"Erased: {told}")
