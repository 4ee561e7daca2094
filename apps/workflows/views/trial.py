"""What a visitor gave, analysed and not stored: a file, pasted text or a sample."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest

from apps.ops.errors import ApplicationError
from apps.workflows.inspection import inspect_document
from apps.workflows.platforms.base import DefinitionError, UnsupportedDefinition
from apps.workflows.platforms.loading import Document, documents
from apps.workflows.reports.run import Entry
from apps.workflows.reports.wording import clean
from apps.workflows.samples import NAMES, sample_text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Given:
    name: str
    data: bytes


def given_in(request: HttpRequest) -> Given:
    """The sample, the file or the text of the form, in this order. Raises when there is none."""
    chosen = request.POST.get("sample", "")
    if chosen in NAMES:
        return Given(f"{chosen}.json", sample_text(chosen).encode())
    file = request.FILES.get("file")
    if file is not None and file.size:
        return Given(clean(file.name or "your file", 120), file.read())
    text = request.POST.get("definition", "")
    if text.strip():
        # A lone surrogate, sent as such, is for the reader of JSON to judge.
        return Given("pasted text", text.encode("utf-8", "surrogatepass"))
    reason = "The file is empty." if file is not None else "Choose a file or paste a definition."
    raise ApplicationError("validation_error", reason)


def inspected(given: Given) -> list[Entry]:
    """One entry per workflow, or per file that cannot be analysed. Raises when nothing can be."""
    entries = [entry for found in documents(given.data, given.name) for entry in _entries(found)]
    if not any(entry.analysis for entry in entries):
        first = entries[0].error if entries else None
        first = first or UnsupportedDefinition("There is no workflow in this file.")
        raise ApplicationError(first.code, first.message)
    return entries


def _entries(document: Document) -> Iterator[Entry]:
    if document.error is not None:
        yield Entry(document.name, error=document.error)
        return
    try:
        for item in inspect_document(document.content):
            account = item.analysis.graph.account if item.analysis else None
            whole = account is not None and account.whole
            yield Entry(document.name, item.analysis, item.error, whole)
    except DefinitionError as error:
        yield Entry(document.name, error=error)
