"""``manage.py create_token``: a personal API token, alone on standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import Membership
from apps.accounts.tokens import api_token_create


class Command(BaseCommand):
    help = "Create a personal API token for a user and print it; it is shown only this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="the user's e-mail address")
        parser.add_argument("--name", default="command line", help="what the token is called")

    def handle(self, *args: Any, **options: Any) -> None:
        membership = (
            Membership.objects.select_related("account")
            .filter(user__email__iexact=options["email"].strip(), user__is_active=True)
            .order_by("created_at", "pk")
            .first()
        )
        if membership is None:
            raise CommandError(f"No active user {options['email']!r} with an account.")
        _, plain = api_token_create(membership=membership, name=options["name"][:100])
        self.stdout.write(plain)
