"""Brings workflows into an account for a person: kept, analysed, and said in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from apps.accounts.models import Membership
from apps.ops.errors import ApplicationError
from apps.workflows.models import Analysis
from apps.workflows.platforms.loading import Document
from apps.workflows.reports.wording import clean, count
from apps.workflows.services import Imported, workflow_analyse, workflow_import

#: More are kept and left to a scan: the person waits for the answer.
MOST_ANALYSED = 20


@dataclass(slots=True)
class Brought:
    """What became of it; ``address`` is where to look at it."""

    address: str
    sentence: str
    faults: list[str] = field(default_factory=list)


def bring_in(me: Membership, given: Sequence[Document]) -> Brought:
    """Keep the workflows of a file and analyse them.

    Raises ``ApplicationError`` when there is no workflow in it, or no room in the plan.
    """
    imported = workflow_import(account=me.account, documents=given, user=me.user)
    if not imported.workflows:
        raise _nothing(imported)
    analyses = _analysed(me, imported)
    faults = [
        f"{clean(fault.name, 80)}: {clean(fault.error.message, 300)}"
        for fault in imported.errors[:5]
    ]
    if len(analyses) == len(imported.workflows) == 1:
        return Brought(f"/analysis/{analyses[0].pk}", _sentence(imported, 1), faults)
    return Brought("/workflows", _sentence(imported, len(analyses)), faults)


def _nothing(imported: Imported) -> ApplicationError:
    if imported.errors:
        error = imported.errors[0].error
        return ApplicationError(error.code, error.message)
    return ApplicationError("unsupported_definition", "There is no workflow in this file.")


def _analysed(me: Membership, imported: Imported) -> list[Analysis]:
    found = []
    for workflow in imported.workflows[:MOST_ANALYSED]:
        # One known only from a list has no steps to analyse.
        with suppress(ApplicationError):
            found.append(workflow_analyse(workflow=workflow, user=me.user))
    return found


def _sentence(imported: Imported, analysed: int) -> str:
    said = [f"{count(len(imported.workflows), 'workflow')} brought in"]
    if imported.unchanged:
        said.append(f"{imported.unchanged} known already")
    if analysed < len(imported.workflows):
        said.append(f"{analysed} analysed; a scan does the rest")
    return ", ".join(said) + "."
