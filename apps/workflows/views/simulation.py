"""One contact walked through a workflow, step by step, on a page."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError

from apps.accounts.models import Membership
from apps.ops.errors import ApplicationError, translate
from apps.workflows.analysis.graph import Graph
from apps.workflows.api.simulate import walk_of, walk_to_wire
from apps.workflows.api.simulate_serializers import EVENTS, SimulateSerializer
from apps.workflows.reports.picture import draw, lay_out
from apps.workflows.selectors import workflow_find, workflows_for
from apps.workflows.views.doors import account_page, refused, show

#: Rows for events in the form; the API takes more.
ROWS = 4
#: Steps that a page shows; a walk that goes on beyond them is said to.
MOST_STEPS = 300
FIELDS_HINT = "first_name: Ada\nemail: ada@example.org"


@require_safe
@account_page
def simulate(request: HttpRequest, me: Membership) -> HttpResponse:
    """By GET throughout: nothing is stored, and a walk can be kept as a bookmark."""
    asked = request.GET
    shown: dict[str, Any] = {
        "asked": asked,
        "workflows": workflows_for(me.account).filter(has_definition=True).order_by("name")[:500],
        "events": sorted(set(EVENTS.values())),
        "rows": _rows(asked),
        "hint": FIELDS_HINT,
    }
    if not asked.get("workflow"):
        return show(request, "simulate", shown, area="simulate")
    try:
        graph, walk = _walk(me, asked)
    except ApplicationError as wrong:
        shown["error"] = refused(request, wrong)
        return show(request, "simulate", shown, area="simulate", status=wrong.status)
    ids = [step["nodeId"] for step in walk["steps"]]
    shown |= {
        "walk": walk,
        "ids": "\n".join(ids),
        "picture": draw(lay_out(graph, wanted=ids), trail=ids).svg,
        "workflow": workflow_find(me.account, UUID(asked["workflow"])),
    }
    return show(request, "simulate", shown, area="simulate")


def _rows(asked: QueryDict) -> list[Mapping[str, str]]:
    """The events of the form, empty rows after them."""
    given = zip_longest(
        asked.getlist("event"), asked.getlist("after"), asked.getlist("value"), fillvalue=""
    )
    rows = [{"event": event, "after": after, "value": value} for event, after, value in given]
    kept = [row for row in rows if row["event"] or row["after"]][:20]
    return [*kept, *({"event": "", "after": "", "value": ""} for _ in range(ROWS - len(kept)))]


def _walk(me: Membership, asked: QueryDict) -> tuple[Graph, dict[str, Any]]:
    try:
        sent = SimulateSerializer.read(_body(asked))
    except ValidationError as wrong:
        raise translate(wrong) or wrong from wrong
    graph, walked = walk_of(me.account, sent)
    return graph, walk_to_wire(walked)


def _body(asked: QueryDict) -> dict[str, Any]:
    """The form as the API's body: blank fields are not given."""
    tags = [tag.strip() for tag in asked.get("tags", "").split(",") if tag.strip()]
    dnd = [each.strip() for each in asked.get("dnd", "").split(",") if each.strip()]
    events = []
    for row in _rows(asked):
        if row["event"] or row["after"]:
            said = {"type": row["event"], "after": row["after"] or "0s"}
            events.append(said | ({"value": row["value"]} if row["value"] else {}))
    body: dict[str, Any] = {
        "workflowId": asked.get("workflow", ""),
        "contact": {"tags": tags, "fields": _fields(asked.get("fields", "")), "dnd": dnd},
        "events": events,
        "maxSteps": MOST_STEPS,
    }
    start, timezone = asked.get("start", ""), asked.get("timezone", "")
    if start:
        body["startAt"] = f"{start}Z" if start[-1].isdigit() else start
    if timezone:
        body["timezone"] = timezone
    return body


def _fields(text: str) -> dict[str, str]:
    """``name: value`` per line. Raises for a line that is none."""
    found = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            message = f"Write fields as “name: value”, one per line; not {line.strip()[:60]!r}."
            raise ApplicationError("validation_error", message)
        found[name.strip()] = value.strip()
    return found
