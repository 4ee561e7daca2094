"""``manage.py check_deployment``: a score, and what stands between it and 100."""

from __future__ import annotations

import argparse
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.ops.deployment.inspection import inspect
from apps.ops.deployment.report import FORMATS
from apps.ops.deployment.target import Target


class Command(BaseCommand):
    help = (
        "Check settings, security, services and, with --url, the running service. Exit status: 0, "
        "1 when the score is below --fail-under, 2 for wrong usage."
    )
    # Django's own are one of the checks; here they must not end the command.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", type=_address, help="where the service is reached, https://…")
        parser.add_argument("--format", choices=list(FORMATS), default="text")
        parser.add_argument(
            "--fail-under", type=_score, default=0, metavar="SCORE", help="from 0 to 100"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        inspection = inspect(Target(options["url"] or ""))
        self.stdout.write(FORMATS[options["format"]](inspection))
        if inspection.score < options["fail_under"]:
            raise CommandError(
                f"The score {inspection.score} is below {options['fail_under']}.", returncode=1
            )


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
        raise argparse.ArgumentTypeError("give an address such as https://app.example.com")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _score(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 100:
        raise argparse.ArgumentTypeError("give a whole number from 0 to 100")
    return int(text)
