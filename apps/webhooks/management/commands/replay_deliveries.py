"""``manage.py replay_deliveries``: processes anew what failed, was parked or ignored."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.webhooks.models import Delivery
from apps.webhooks.services import deliveries_replay

State = Delivery.State
REPLAYED = (State.FAILED, State.PARKED, State.IGNORED)


class Command(BaseCommand):
    help = "Process failed and parked webhook deliveries anew; what was processed never repeats."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("event_ids", nargs="*", help="Only these, by the sender's id.")
        parser.add_argument("--source", choices=Delivery.Source.values)
        parser.add_argument("--type", help="Only events of this type.")
        parser.add_argument(
            "--state",
            action="append",
            choices=[str(state) for state in REPLAYED],
            help="May be repeated; failed and parked unless given.",
        )
        parser.add_argument("--hours", type=int, help="Only those received in the last hours.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be replayed.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Delivery.objects.all()
        # One that is named is meant, ignored or not.
        default = REPLAYED if options["event_ids"] else (State.FAILED, State.PARKED)
        found = found.filter(state__in=options["state"] or default)
        if options["event_ids"]:
            found = found.filter(event_id__in=options["event_ids"])
        for name in ("source", "type"):
            if options[name]:
                found = found.filter(**{name: options[name]})
        if options["hours"] is not None:
            if options["hours"] < 1:
                raise CommandError("--hours must be 1 or more.")
            since = timezone.now() - datetime.timedelta(hours=options["hours"])
            found = found.filter(received_at__gte=since)
        if options["dry_run"]:
            for delivery in found.order_by("received_at"):
                self.stdout.write(f"{delivery} ({delivery.state}): {delivery.error}")
            self.stdout.write(f"{found.count()} would be processed anew.")
            return
        self.stdout.write(f"{deliveries_replay(found)} will be processed anew.")
