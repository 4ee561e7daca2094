"""``manage.py analyze``: the main job without server, account or database."""

from __future__ import annotations

import datetime
import logging
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from apps.workflows.analysis.config import Config, ConfigError, parse_rules
from apps.workflows.analysis.findings import Severity
from apps.workflows.analysis.suppressions import Baseline, subtract_baseline, suppress
from apps.workflows.configuration import SETTINGS_FILES, File, read_baseline, read_file
from apps.workflows.files import Input, find_inputs
from apps.workflows.inspection import Inspected, inspect_document
from apps.workflows.platforms import REGISTRY, platform_id
from apps.workflows.platforms.base import DefinitionError, Unreadable
from apps.workflows.platforms.loading import Document
from apps.workflows.reports import formats, report
from apps.workflows.reports.run import Entry, Run, outline

log = logging.getLogger(__name__)

NEVER = "never"
#: A progress bar is worth its line from this many documents on.
MANY = 20
FOUND, UNUSABLE = 1, 2
#: Characters written at once: a report may be large, and is not copied whole.
PIECE = 1 << 20


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
            "--fail-on", choices=[*levels, NEVER], metavar="LEVEL",
            help=f"exit with 1 on a finding this grave or graver: {', '.join(levels)} or never "
            "(the default)",
        )  # fmt: skip
        parser.add_argument(
            "--rule", action="append", default=[], metavar="ID=off|LEVEL",
            help="switch a rule off or change its severity; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--config", metavar="FILE",
            help="a TOML file with [tool.workflow-debugger]; else workflow-debugger.toml or "
            "pyproject.toml in this folder",
        )  # fmt: skip
        parser.add_argument(
            "--baseline", metavar="FILE",
            help="an earlier report of --format json: only what is new is reported",
        )  # fmt: skip
        parser.add_argument("--output", metavar="FILE", help="write the report to a file")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["paths"]:
            raise _usage("give at least one PATH: a file, a folder, a ZIP, or - for stdin")
        platform = _platform(options["platform"])
        file = _file(options["config"])
        baseline = _baseline(options["baseline"])
        config = _config(file, options["rule"])
        run = Run(width=shutil.get_terminal_size((100, 24)).columns)
        run.color = self._colored(options)
        for given in _progress(find_inputs(options["paths"])):
            for document in _documents(given):
                run.files += 1
                run.entries += _inspect(document, platform, config)
        _set_aside(run, file, baseline)
        self._write(report(options["format"]).render(run), options["output"])
        if not run.analyses:
            sys.exit(UNUSABLE)
        fail_on = options["fail_on"] or file.fail_on or NEVER
        if fail_on != NEVER and run.worst_at_least(Severity(fail_on)):
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
    if sys.stdout is None:
        raise _usage("standard output is closed; use --output")
    encoding = sys.stdout.encoding or "utf-8"
    try:
        for start in range(0, len(text), PIECE):
            piece = text[start : start + PIECE]
            sys.stdout.write(piece.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise _usage(f"cannot write to standard output: {error.strerror}") from None


def _usage(message: str) -> CommandError:
    return CommandError(message, returncode=UNUSABLE)


def _platform(name: str | None) -> str | None:
    if name is None:
        return None
    found = platform_id(name)
    if found is None:
        raise _usage(f"unknown platform {name!r}; use one of {', '.join(REGISTRY)}")
    return found


def _file(path: str | None) -> File:
    """The settings file that is named, or the one that lies here; an empty one without it."""
    try:
        if path is not None:
            return read_file(path)
        here = [name for name in SETTINGS_FILES if Path(name).is_file()]
        return read_file(here[0]) if here else File()
    except ConfigError as error:
        raise _usage(error.message) from None


def _baseline(path: str | None) -> Baseline | None:
    if path is None:
        return None
    try:
        return read_baseline(path)
    except ConfigError as error:
        raise _usage(f"--baseline: {error.message}") from None


def _set_aside(run: Run, file: File, baseline: Baseline | None) -> None:
    analyses = [analysis for _, analysis in run.analyses]
    run.stale = suppress(analyses, file.suppressions, datetime.datetime.now(datetime.UTC).date())
    if baseline is not None:
        run.gone = subtract_baseline(analyses, baseline)


def _config(file: File, rules: list[str]) -> Config:
    """What the file says about rules, and the flags, which win."""
    levels: dict[str, Any] = dict(file.rules)
    for rule in rules:
        rule_id, equals, level = rule.partition("=")
        if not equals:
            raise _usage(f"--rule {rule}: write ID=off or ID=LEVEL")
        levels[rule_id.strip()] = level.strip()
    try:
        return parse_rules(levels)
    except ConfigError as error:
        raise _usage(f"{error.field}: {error.message}") from None


def _progress(found: list[Input]) -> Iterable[Input]:
    if len(found) < MANY:
        return found
    # disable=None: no bar where standard error is no terminal
    bar: Iterable[Input] = tqdm(found, unit="file", disable=None, leave=False, file=sys.stderr)
    return bar


def _documents(given: Input) -> list[Document]:
    try:
        return given.read()
    except Exception as fault:
        return [Document(given.name, error=_fault(given.name, fault))]


def _inspect(document: Document, platform: str | None, config: Config) -> list[Entry]:
    if document.error is not None:
        return [Entry(document.name, error=document.error)]
    try:
        found = inspect_document(document.content, platform=platform, config=config)
        return [_entry(document.name, item) for item in found]
    except DefinitionError as error:
        return [Entry(document.name, error=error)]
    except Exception as fault:
        return [Entry(document.name, error=_fault(document.name, fault))]


def _entry(name: str, item: Inspected) -> Entry:
    if item.analysis is None:
        return Entry(name, error=item.error)
    account = item.analysis.graph.account
    return Entry(name, outline(item.analysis), None, account is not None and account.whole)


def _fault(name: str, fault: Exception) -> DefinitionError:
    """Our own fault with one file, which is no reason to leave out the others."""
    log.warning("%s could not be analysed", name, exc_info=log.isEnabledFor(logging.DEBUG))
    kind = type(fault).__name__
    message = f"A fault of this program ({kind}), not of the file; please report it."
    return Unreadable(message, "internal_error")
