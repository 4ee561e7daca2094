"""The account's workflows, their versions and reference lists."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower

from apps.accounts.models import Account
from apps.ops.errors import ApplicationError
from apps.workflows.intake import Incoming
from apps.workflows.models import Analysis, Workflow, WorkflowVersion

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

#: What comes over a live connection, whose list names workflows that have no steps yet.
LIVE_SOURCES = (Workflow.Source.HIGHLEVEL, Workflow.Source.N8N)
_FIELDS: dict[str, F | Lower] = {
    "updatedAt": F("updated_at"),
    "name": Lower("name"),
    "platform": F("platform"),
    "healthScore": F("health_score"),
    "analyzedAt": F("analyzed_at"),
}
#: What a list may be ordered by, the first unless told; with a minus the greatest first.
ORDERINGS = tuple(f"{sign}{name}" for name in _FIELDS for sign in ("-", ""))


class LastScore(TypedDict):
    """Of the last analysis; none where there was none, or none could be given."""

    health_score: int | None
    grade: str | None


class Standing(LastScore):
    has_definition: bool
    analyzed_at: datetime.datetime | None


def workflows_for(account: Account) -> QuerySet[WithAnnotations[Workflow, Standing]]:
    """The account's workflows with ``has_definition`` and the last ``health_score``, ``grade`` and
    ``analyzed_at``."""
    last = Analysis.objects.filter(workflow=OuterRef("pk")).order_by("-created_at", "-id")
    versions = WorkflowVersion.objects.filter(workflow=OuterRef("pk"))
    return Workflow.objects.filter(account=account).annotate(
        has_definition=Exists(versions),
        health_score=Subquery(last.values("health_score")[:1]),
        grade=Subquery(last.values("grade")[:1]),
        analyzed_at=Subquery(last.values("created_at")[:1]),
    )


def workflows_filtered(
    account: Account,
    *,
    search: str = "",
    platform: str | None = None,
    grade: str | None = None,
    ordering: str = ORDERINGS[0],
) -> QuerySet[WithAnnotations[Workflow, Standing]]:
    """The workflows that match, in the order asked for; those without a score come last."""
    found = workflows_for(account)
    if search:
        found = found.filter(name__icontains=search)
    if platform is not None:
        found = found.filter(platform=platform)
    if grade is not None:
        found = found.filter(grade=grade)
    field = _FIELDS[ordering.removeprefix("-")]
    first = field.desc(nulls_last=True) if ordering[0] == "-" else field.asc(nulls_last=True)
    return found.order_by(first, "name", "id")


def workflow_find(account: Account, pk: uuid.UUID) -> WithAnnotations[Workflow, Standing]:
    """One of the account's workflows. Raises ``not_found``, for another account's too."""
    workflow = workflows_for(account).filter(pk=pk).first()
    if workflow is None:
        raise ApplicationError("not_found", "There is no workflow with this id.")
    return workflow


def workflow_row(workflow: WithAnnotations[Workflow, Standing]) -> dict[str, Any]:
    """A workflow as lists show it."""
    return {
        "id": str(workflow.pk),
        "name": workflow.name,
        "platform": workflow.platform,
        "externalId": workflow.external_id,
        "status": workflow.status,
        "source": workflow.source,
        "hasDefinition": workflow.has_definition,
        "healthScore": workflow.health_score,
        "grade": workflow.grade or None,
        "updatedAt": workflow.updated_at,
        "analyzedAt": workflow.analyzed_at,
    }


def rows_of(account: Account, workflows: Sequence[Workflow]) -> list[dict[str, Any]]:
    """These workflows as lists show them, in this order."""
    pks = [workflow.pk for workflow in workflows]
    rows = {row.pk: workflow_row(row) for row in workflows_for(account).filter(pk__in=pks)}
    return [rows[pk] for pk in pks if pk in rows]


def version_row(version: WithAnnotations[WorkflowVersion, LastScore]) -> dict[str, Any]:
    return {
        "id": str(version.pk),
        "contentHash": version.content_hash,
        "createdAt": version.created_at,
        "healthScore": version.health_score,
        "grade": version.grade or None,
    }


def workflows_used(account: Account) -> int:
    """How many count against the plan: those whose steps we have, not mere names from a list."""
    return Workflow.objects.filter(account=account, versions__isnull=False).distinct().count()


def versions_of(workflow: Workflow) -> QuerySet[WithAnnotations[WorkflowVersion, LastScore]]:
    """The workflow's versions, newest first, each with its last ``health_score`` and ``grade``.

    The definitions, which may be megabytes, are read when they are asked for.
    """
    last = Analysis.objects.filter(version=OuterRef("pk")).order_by("-created_at", "-id")
    return (
        WorkflowVersion.objects.filter(workflow=workflow)
        .defer("definition")
        .annotate(
            health_score=Subquery(last.values("health_score")[:1]),
            grade=Subquery(last.values("grade")[:1]),
        )
        .order_by("-current_since", "-id")
    )


def newest_version_of(workflow: Workflow) -> WorkflowVersion | None:
    """What the workflow is now, with its definition; none where only its name is known."""
    versions = WorkflowVersion.objects.filter(workflow=workflow)
    return versions.order_by("-current_since", "-id").first()


def definition_of(workflow: Workflow) -> Any:
    """The newest definition, parsed; ``None`` when the steps are not available."""
    version = newest_version_of(workflow)
    return None if version is None else json.loads(version.definition)


def require_version(workflow: Workflow) -> WorkflowVersion:
    """The newest version. Raises ``conflict`` for a workflow known only from a list."""
    version = newest_version_of(workflow)
    if version is None:
        message = f"The steps of “{workflow.name}” are not available: upload an export."
        raise ApplicationError("conflict", message)
    return version


def workflow_known(account: Account, came: Incoming) -> Workflow | None:
    """The account's row for this workflow, if there is one; found as an import finds it."""
    mine = Workflow.objects.filter(account=account, platform=came.platform)
    known = mine.filter(identity=came.identity).first()
    if known is not None or came.external_id:
        return known
    listed = mine.filter(source__in=LIVE_SOURCES, name=came.name)[:2]
    return listed[0] if len(listed) == 1 else None
