"""``manage.py backup_database``: a copy of the database, checked, and the oldest ones dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.ops.backups import MARK, BackupError, backup_make


class Command(BaseCommand):
    help = "Write a checked copy of the PostgreSQL database into a folder, and drop old ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, default=14, help="how many copies stay (14)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 1:
            raise CommandError("--keep: at least one copy must stay.", returncode=2)
        try:
            copy = backup_make(options["folder"], keep=options["keep"])
        except (BackupError, OSError) as failed:
            raise CommandError(f"No backup was made: {failed}") from failed
        self.stdout.write(f"{copy}: {copy.stat().st_size} bytes; {MARK} is touched.")
