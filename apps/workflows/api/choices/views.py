"""GET and PUT /api/settings/rules; /api/suppressions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of, user_of
from apps.workflows.api.choices.serializers import (
    RuleSettingsAnswerSerializer,
    RuleSettingsSerializer,
    SuppressionSerializer,
    SuppressSerializer,
)
from apps.workflows.models import RuleSettings, Suppression
from apps.workflows.selectors import (
    states_of,
    suppression_find,
    suppressions_for,
    workflow_find,
)
from apps.workflows.services import (
    rule_settings_replace,
    suppression_create,
    suppression_delete,
)


class RuleSettingsView(APIView):
    permission_classes = [HasAccount]

    @extend_schema(operation_id="rule_settings", responses={200: RuleSettingsAnswerSerializer})
    def get(self, request: Request) -> Response:
        """The account's severities and thresholds; what is not named is as the rule has it."""
        row = RuleSettings.objects.filter(account=account_of(request)).first()
        return Response(rule_settings_to_wire(row))

    @extend_schema(
        operation_id="rule_settings_replace",
        request=RuleSettingsSerializer,
        responses={200: RuleSettingsAnswerSerializer},
    )
    def put(self, request: Request) -> Response:
        """Replace them all; they hold from the next analysis on."""
        sent = RuleSettingsSerializer.read(request.data)
        row = rule_settings_replace(account=account_of(request), rules=sent["rules"])
        return Response(rule_settings_to_wire(row))


class SuppressionsView(viewsets.GenericViewSet[Suppression]):
    permission_classes = [HasAccount]
    extra_failures = {"POST": (404,)}

    @extend_schema(operation_id="suppressions", responses={200: SuppressionSerializer(many=True)})
    def list(self, request: Request) -> Response:
        """What is silenced, newest first; the expired and the stale too."""
        account = account_of(request)
        page = self.paginate_queryset(suppressions_for(account)) or []
        states = states_of(account, page)
        rows = [suppression_to_wire(row, states[row.pk]) for row in page]
        return self.get_paginated_response(rows)

    @extend_schema(
        operation_id="suppress",
        request=SuppressSerializer,
        responses={200: SuppressionSerializer, 201: SuppressionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Silence a finding or a rule from the next analysis on.

        200 when it was silenced already: reason and expiry are then the new ones.
        """
        sent, account = SuppressSerializer.read(request.data), account_of(request)
        workflow_id = sent.get("workflowId")
        row, is_new = suppression_create(
            account=account,
            user=user_of(request),
            fingerprint=sent.get("fingerprint", ""),
            rule_id=sent.get("ruleId", ""),
            workflow=workflow_find(account, workflow_id) if workflow_id else None,
            node_id=sent.get("nodeId") or "",
            reason=sent["reason"],
            expires_at=sent.get("expiresAt"),
        )
        state = states_of(account, [row])[row.pk]
        return Response(suppression_to_wire(row, state), status=201 if is_new else 200)


class SuppressionView(viewsets.GenericViewSet[Suppression]):
    permission_classes = [HasAccount]

    @extend_schema(operation_id="suppression_delete", responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Let it be reported again from the next analysis on."""
        suppression_delete(suppression_find(account_of(request), pk))
        return Response(status=204)


def rule_settings_to_wire(row: RuleSettings | None) -> dict[str, Any]:
    if row is None:
        return {"rules": {}, "updatedAt": None}
    return {"rules": row.rules, "updatedAt": row.updated_at}


def suppression_to_wire(row: Suppression, state: str) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "fingerprint": row.fingerprint or None,
        "ruleId": row.rule_id or None,
        "workflowId": str(row.workflow_id) if row.workflow_id else None,
        "nodeId": row.node_id or None,
        "reason": row.reason,
        "expiresAt": row.expires_at,
        "createdAt": row.created_at,
        "state": state,
    }
