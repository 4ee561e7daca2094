"""One contact walked through a definition."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of
from apps.accounts.models import Account
from apps.workflows.analysis.graph import Graph
from apps.workflows.analysis.simulate import Contact, Event, Walked, simulate
from apps.workflows.api.simulate_serializers import STANDARD, SimulateSerializer, WalkSerializer
from apps.workflows.reports.wording import clean
from apps.workflows.selectors import definition_graph, graph_of, workflow_find


class SimulateView(APIView):
    permission_classes = [HasAccount]
    extra_failures = (404, 409, 422)

    @extend_schema(
        operation_id="simulate", request=SimulateSerializer, responses={200: WalkSerializer}
    )
    def post(self, request: Request) -> Response:
        """Walk one contact through a workflow: every step with its time, the branch taken and why,
        the messages sent and where it ends. Waits jump the clock; nothing is stored or sent. A
        condition that the given facts do not decide takes the else branch, and says so."""
        sent = SimulateSerializer.read(request.data)
        return Response(walk_to_wire(walk_of(account_of(request), sent)[1]))


def walk_of(account: Account, sent: dict[str, Any]) -> tuple[Graph, Walked]:
    """The walk that is asked for, and the workflow it goes through."""
    if "workflowId" in sent:
        graph = graph_of(workflow_find(account, sent["workflowId"]))
    else:
        graph = definition_graph(sent["definition"], sent.get("platform"))
    start = sent.get("startAt") or timezone.now()
    walked = simulate(
        graph,
        _contact(sent.get("contact") or {}),
        [_event(each, start) for each in sent.get("events") or ()],
        start=start.astimezone(datetime.UTC),
        max_steps=sent["maxSteps"],
        timezone=sent.get("timezone", ""),
        trigger=sent.get("triggerId", ""),
    )
    return graph, walked


def _contact(sent: dict[str, Any]) -> Contact:
    standard = {name: sent[name] for name in STANDARD if name in sent}
    return Contact.of(
        tags=sent.get("tags", ()),
        fields={**standard, **sent.get("fields", {})},
        id=sent.get("id", "contact"),
        timezone=sent.get("timezone", ""),
        appointment=sent.get("appointment"),
        opportunity=sent.get("opportunity"),
        dnd=frozenset(channel.lower() for channel in sent.get("dnd", ())),
    )


def _event(sent: dict[str, Any], start: datetime.datetime) -> Event:
    return Event(
        start.astimezone(datetime.UTC) + sent["after"], sent["type"], sent.get("value", "")
    )


def walk_to_wire(walked: Walked) -> dict[str, Any]:
    """The walk as the API answers it; texts from the file are made safe to show."""
    end = walked.end
    return {
        "steps": [
            {
                "nodeId": passed.step.id,
                "name": passed.step.label,
                "at": passed.at,
                "outcome": passed.outcome,
                "branch": passed.branch or None,
                "reason": clean(passed.reason),
            }
            for passed in walked.steps
        ],
        "messages": [
            {"channel": sent.channel, "nodeId": sent.step.id, "at": sent.at}
            for sent in walked.messages
        ],
        "end": None
        if end is None
        else {"code": end.code, "reason": clean(end.reason), "at": end.at},
    }
