"""``manage.py export_account``: everything an account owns, as a ZIP archive or as JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.portability import account_named
from apps.ops.errors import ApplicationError
from apps.ops.portability.exporting import write_json, write_zip


class Command(BaseCommand):
    help = "Write everything an account owns; passwords, tokens and their hashes stay here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", help="its id, HighLevel location or a member's e-mail")
        parser.add_argument("--format", choices=("zip", "json"), default="zip")
        parser.add_argument("--output", type=Path, help="a file; - or none with json: the output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            account = account_named(options["account"])
        except ApplicationError as wrong:
            raise CommandError(wrong.message) from wrong
        output: Path | None = options["output"]
        write = write_json if options["format"] == "json" else write_zip
        if options["format"] == "json" and (output is None or str(output) == "-"):
            write(account, sys.stdout.buffer)
            return
        output = output or Path(f"account-{account.pk}.zip")
        try:
            with output.open("xb") as target:
                counts = write(account, target)
        except FileExistsError as wrong:
            raise CommandError(f"{output} is there already; it was left as it is.") from wrong
        except OSError as wrong:
            raise CommandError(f"{output} cannot be written: {wrong.strerror}.") from wrong
        told = ", ".join(f"{count} {label}" for label, count in counts.items() if count)
        self.stderr.write(f"{output}: {told}")
