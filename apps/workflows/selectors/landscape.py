"""The account's workflows together: what they read and write, and who starts whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Subquery

from apps.accounts.models import Account
from apps.ops.cache import cached
from apps.workflows.analysis.facts.account import Account as Together
from apps.workflows.analysis.graph import Graph
from apps.workflows.analysis.mapping import Map, map_of
from apps.workflows.analysis.usage import uses
from apps.workflows.models import Workflow, WorkflowVersion
from apps.workflows.reports.wording import clean
from apps.workflows.selectors.graphs import version_graph
from apps.workflows.selectors.lists import account_lists_of
from apps.workflows.selectors.tags import workflows_tag

#: Workflows of one account that are looked at together, the last changed first.
MOST = 5_000
KEPT = 24 * 3600
#: Definitions read at once: they may be megabytes each.
CHUNK = 100

Row = dict[str, Any]


def references_of(account: Account) -> list[Row]:
    """Everything the account's workflows read and write, by kind and value."""
    tag = workflows_tag(account.pk)
    return cached(f"references:{tag}", tags=[tag], seconds=KEPT, make=lambda: _references(account))


def account_map_of(account: Account) -> dict[str, Any]:
    """Who triggers whom over what, cycles and conflicts."""
    tag = workflows_tag(account.pk)
    return cached(f"map:{tag}", tags=[tag], seconds=KEPT, make=lambda: _map(account))


def _newest(account: Account) -> Iterator[tuple[Workflow, Graph]]:
    """The account's workflows with the graphs of what they are now."""
    newest = WorkflowVersion.objects.filter(workflow=OuterRef("pk"))
    current = newest.order_by("-current_since", "-id").values("pk")[:1]
    found = (
        Workflow.objects.filter(account=account)
        .annotate(current=Subquery(current))
        .filter(current__isnull=False)
        .order_by("-updated_at", "pk")[:MOST]
    )
    versions = [workflow.current for workflow in found]
    for start in range(0, len(versions), CHUNK):
        rows = WorkflowVersion.objects.filter(pk__in=versions[start : start + CHUNK])
        for version in rows.select_related("workflow"):
            graph = version_graph(version)
            if graph is not None:
                graph.id, graph.name = version.workflow.external_id, version.workflow.name
                yield version.workflow, graph


def _references(account: Account) -> list[Row]:
    rows = [
        {
            "kind": use.kind,
            "value": clean(use.value),
            "access": use.access,
            "workflowId": str(workflow.pk),
            "workflowName": workflow.name,
            "nodeId": use.step.id,
            "nodeName": clean(use.step.label),
        }
        for workflow, graph in _newest(account)
        for use in uses(graph)
    ]
    rows.sort(
        key=lambda row: (row["kind"], row["value"].lower(), row["workflowName"], row["access"])
    )
    return rows


def _map(account: Account) -> dict[str, Any]:
    pairs = list(_newest(account))
    pairs.sort(key=lambda pair: (pair[0].name, str(pair[0].pk)))
    ids = [str(workflow.pk) for workflow, _ in pairs]
    found = map_of(Together([graph for _, graph in pairs], account_lists_of(account), whole=True))
    listed = Workflow.objects.filter(account=account).order_by("name", "pk")
    return {
        "workflows": [
            {"id": str(pk), "name": name} for pk, name in listed.values_list("pk", "name")
        ],
        "links": _links(found, ids),
        "cycles": [[ids[number] for number in group] for group in found.cycles],
        "conflicts": [
            {
                "kind": conflict.target.kind,
                "value": clean(conflict.target.name),
                "workflows": [
                    {"id": ids[number], "nodeIds": steps}
                    for number, steps in conflict.steps.items()
                ],
            }
            for conflict in found.conflicts
        ],
    }


def _links(found: Map, ids: list[str]) -> list[Row]:
    return [
        {
            "source": ids[way.source],
            "target": ids[way.target],
            "kind": way.kind,
            "value": ids[way.target] if way.kind == "workflow" else clean(way.value),
            "nodeIds": way.steps,
            "automatic": way.is_automatic,
        }
        for way in found.ways
    ]


def matching(rows: list[Row], kind: str | None, value: str | None) -> list[Row]:
    """The references to one thing, or of one kind; tags and fields are compared without case."""
    wanted = None if value is None else value.strip().lower()
    return [
        row
        for row in rows
        if (kind is None or row["kind"] == kind)
        and (wanted is None or row["value"].lower() == wanted)
    ]


def index_of(rows: list[Row]) -> list[Row]:
    """By kind and value how many steps read and write it, and in how many workflows."""
    found: dict[tuple[str, str], Row] = {}
    workflows: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        key = (row["kind"], row["value"])
        entry = found.setdefault(
            key, {"kind": row["kind"], "value": row["value"], "reads": 0, "writes": 0}
        )
        entry["reads" if row["access"] == "read" else "writes"] += 1
        workflows.setdefault(key, set()).add(row["workflowId"])
    return [{**entry, "workflows": len(workflows[key])} for key, entry in found.items()]
