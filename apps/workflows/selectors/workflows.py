"""The account's workflows, their versions and reference lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from apps.accounts.models import Account
from apps.workflows.models import Analysis, ReferenceList, Workflow, WorkflowVersion


def workflows_for(account: Account) -> QuerySet[Workflow]:
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


def versions_of(workflow: Workflow) -> QuerySet[WorkflowVersion]:
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
