"""``manage.py analyze``: the main job without server, account or database."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from apps.workflows.analysis.config import Config, ConfigError, parse_rules
from apps.workflows.analysis.findings import Severity
from apps.workflows.files import Input, find_inputs
from apps.workflows.inspection import inspect_document
from apps.workflows.platforms import REGISTRY, platform_id
from apps.workflows.platforms.base import DefinitionError
from apps.workflows.platforms.loading import Document
from apps.workflows.reports import formats, report
from apps.workflows.reports.run import Entry, Run, outline

NEVER = "never"
#: A progress bar is worth its line from this many documents on.
MANY = 20
FOUND, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = "Analyse workflow definitions: files, folders, ZIP bundles, or - for standard input."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        levels = [level.value for level in Severity if level is not Severity.INFO]
        parser.add_argument("paths", nargs="*", metavar="PATH", help="a file, folder, ZIP or -")
        parser.add_argument(
            "--platform", metavar="P", help=f"one of {', '.join(REGISTRY)}; detected if not given"
        )
        parser.add_argument("--format", choices=formats(), default="text")
        parser.add_argument(
            "--fail-on", choices=[*levels, NEVER], default=NEVER, metavar="LEVEL",
            help=f"exit with 1 on a finding this grave or graver ({', '.join([*levels, NEVER])})",
        )  # fmt: skip
        parser.add_argument(
            "--rule", action="append", default=[], metavar="ID=off|LEVEL",
            help="switch a rule off or change its severity; may be repeated",
        )  # fmt: skip
        parser.add_argument("--output", metavar="FILE", help="write the report to a file")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["paths"]:
            raise _usage("give at least one PATH: a file, a folder, a ZIP, or - for stdin")
        platform = _platform(options["platform"])
        config = _config(options["rule"])
        run = Run(width=shutil.get_terminal_size((100, 24)).columns)
        run.color = self._colored(options)
        for read in _progress(find_inputs(options["paths"])):
            for document in read():
                run.files += 1
                run.entries += _inspect(document, platform, config)
        self._write(report(options["format"]).render(run), options["output"])
        if not run.analyses:
            sys.exit(UNUSABLE)
        if options["fail_on"] != NEVER and run.worst_at_least(Severity(options["fail_on"])):
            sys.exit(FOUND)

    def _colored(self, options: dict[str, Any]) -> bool:
        if options["force_color"]:
            return True
        plain = options["no_color"] or options["output"] or settings.NO_COLOR
        return not plain and self.stdout.isatty()

    def _write(self, text: str, output: str | None) -> None:
        if output is None:
            _print(text)
            return
        try:
            Path(output).write_text(text, encoding="utf-8", errors="replace")
        except OSError as error:
            raise _usage(f"cannot write {output}: {error.strerror}") from None


def _print(text: str) -> None:
    """To standard output in whatever encoding it has; a reader that left early is no error."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(message: str) -> CommandError:
    return CommandError(message, returncode=UNUSABLE)


def _platform(name: str | None) -> str | None:
    if name is None:
        return None
    found = platform_id(name)
    if found is None:
        raise _usage(f"unknown platform {name!r}; use one of {', '.join(REGISTRY)}")
    return found


def _config(rules: list[str]) -> Config:
    levels = {}
    for rule in rules:
        rule_id, equals, level = rule.partition("=")
        if not equals:
            raise _usage(f"--rule {rule}: write ID=off or ID=LEVEL")
        levels[rule_id.strip()] = level.strip()
    try:
        return parse_rules(levels)
    except ConfigError as error:
        raise _usage(f"--rule: {error.message}") from None


def _progress(found: list[Input]) -> Iterable[Input]:
    if len(found) < MANY:
        return found
    # disable=None: no bar where standard error is no terminal
    bar: Iterable[Input] = tqdm(found, unit="file", disable=None, leave=False, file=sys.stderr)
    return bar


def _inspect(document: Document, platform: str | None, config: Config) -> Iterator[Entry]:
    if document.error is not None:
        yield Entry(document.name, error=document.error)
        return
    try:
        for item in inspect_document(document.content, platform=platform, config=config):
            analysis = outline(item.analysis) if item.analysis is not None else None
            yield Entry(document.name, analysis, item.error)
    except DefinitionError as error:
        yield Entry(document.name, error=error)
