"""Scores over time: per workflow, and for the account day by day."""

from __future__ import annotations

import datetime
import uuid
from itertools import groupby
from typing import Any, NamedTuple

from apps.accounts.models import Account
from apps.workflows.analysis.account_score import mean
from apps.workflows.selectors.analyses import analyses_filtered

#: The newest analyses a trend is drawn from: one query, whatever the account's history.
MOST = 5_000


class _Point(NamedTuple):
    workflow: uuid.UUID
    name: str
    at: datetime.datetime
    score: int | None
    grade: str


def trends_of(
    account: Account,
    *,
    workflow: uuid.UUID | None = None,
    since: datetime.datetime | None = None,
) -> dict[str, Any]:
    """``workflows`` has a point per analysis; ``account`` one per day (UTC) with an analysis: the
    mean of the scores its workflows had by then, as the account's score is made."""
    found = analyses_filtered(account, workflow=workflow, since=since)
    rows = (
        found.filter(workflow__isnull=False, health_score__isnull=False)
        .values_list("workflow_id", "workflow__name", "created_at", "health_score", "grade")
        .order_by("-created_at", "-id")[:MOST]
    )
    points = [_Point(*row) for row in reversed(rows)]
    return {"account": _days(points), "workflows": _lines(points)}


def _lines(points: list[_Point]) -> list[dict[str, Any]]:
    lines: dict[uuid.UUID, dict[str, Any]] = {}
    for point in points:
        line = lines.setdefault(
            point.workflow, {"id": str(point.workflow), "name": point.name, "points": []}
        )
        line["points"].append(
            {"at": point.at, "healthScore": point.score, "grade": point.grade or None}
        )
    return sorted(lines.values(), key=lambda line: (line["name"], line["id"]))


def _days(points: list[_Point]) -> list[dict[str, Any]]:
    standing: dict[uuid.UUID, int | None] = {}
    days = []
    for day, group in groupby(points, key=lambda point: point.at.astimezone(datetime.UTC).date()):
        standing.update((point.workflow, point.score) for point in group)
        days.append({"date": day.isoformat(), "healthScore": mean(standing.values())})
    return days
