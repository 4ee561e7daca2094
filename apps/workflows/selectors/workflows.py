"""The account's workflows, their versions and reference lists."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from apps.accounts.models import Account
from apps.workflows.models import Analysis, ReferenceList, Workflow, WorkflowVersion

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


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


def account_lists_of(account: Account) -> dict[str, Sequence[Any]]:
    """The account's reference lists by kind, as ``analysis.facts.account.Account`` takes them."""
    rows = ReferenceList.objects.filter(account=account)
    return {row.kind: row.data for row in rows}
