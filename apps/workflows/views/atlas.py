"""The account's workflows as one picture: who starts whom, and over what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.models import Membership
from apps.billing.entitlements import require
from apps.workflows.analysis.findings import Severity
from apps.workflows.analysis.graph import Edge, EdgeKind, Graph, Kind, Step, StepType
from apps.workflows.reports.picture import Mark, draw, lay_out
from apps.workflows.selectors import account_map_of
from apps.workflows.views.doors import account_page, show

#: Links that are listed; the picture has them all.
MOST_LINKS = 300


@require_safe
@account_page
def atlas(request: HttpRequest, me: Membership) -> HttpResponse:
    require(me.account, "map")
    found = account_map_of(me.account)
    names = {row["id"]: row["name"] for row in found["workflows"]}
    linked = {end for link in found["links"] for end in (link["source"], link["target"])}
    shown = {
        "found": found,
        "names": names,
        "links": [
            {**link, "from": names.get(link["source"]), "to": names.get(link["target"])}
            for link in found["links"][:MOST_LINKS]
        ],
        "cycles": [[(each, names.get(each, "")) for each in cycle] for cycle in found["cycles"]],
        "conflicts": [
            {
                **conflict,
                "workflows": [
                    (each["id"], names.get(each["id"])) for each in conflict["workflows"]
                ],
            }
            for conflict in found["conflicts"]
        ],
        "alone": [row for row in found["workflows"] if row["id"] not in linked],
        "picture": _picture(found, linked) if linked else "",
    }
    return show(request, "map", shown, area="map")


def _picture(found: Mapping[str, Any], linked: set[str]) -> str:
    """Workflows as steps, links as connections; those in a cycle are marked as findings are."""
    rows = [row for row in found["workflows"] if row["id"] in linked]
    index_of = {row["id"]: index for index, row in enumerate(rows)}
    edges = _edges(found["links"], index_of)
    targets = {edge.target for edge in edges}
    entries = [index for index in range(len(rows)) if index not in targets] or [0]
    graph = Graph("", "the account", [_step(*each) for each in enumerate(rows)], edges, entries)
    marks = {
        each: Mark(Severity.HIGH, ("workflow-cycle",))
        for cycle in found["cycles"]
        for each in cycle
    }
    return draw(lay_out(graph, wanted=list(marks)), marks, legend=False).svg


def _step(index: int, row: Mapping[str, Any]) -> Step:
    spec = StepType(Kind.ENROL, "Workflow")
    return Step(index, row["id"], row["name"], "workflow", spec, params={}, raw={})


def _edges(links: Sequence[Mapping[str, Any]], index_of: Mapping[str, int]) -> list[Edge]:
    return [
        Edge(index_of[link["source"]], index_of[link["target"]], EdgeKind.BRANCH, _label(link))
        for link in links
        if link["source"] in index_of and link["target"] in index_of
    ]


def _label(link: Mapping[str, Any]) -> str:
    return "starts it" if link["kind"] == "workflow" else f"{link['kind']} {link['value']}"
