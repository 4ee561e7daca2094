"""Analyses, history and the rule catalogue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of, user_of
from apps.billing.entitlements import entitlements
from apps.ops.errors import ApplicationError
from apps.ops.responses import WholePagination
from apps.workflows.analysis.rule import Rule
from apps.workflows.analysis.rules import all_rules
from apps.workflows.api.pages import kept_page
from apps.workflows.api.parsers import DefinitionParser
from apps.workflows.api.serializers import (
    AnalysisRowSerializer,
    AnalysisSerializer,
    AnalyzeSerializer,
    HistoryQuerySerializer,
    RuleSerializer,
)
from apps.workflows.models import Analysis
from apps.workflows.selectors import (
    analyses_filtered,
    analyses_for,
    analysis_row,
    analysis_shown,
    history_tag,
    workflow_find,
)
from apps.workflows.services import analysis_create, analysis_delete, workflow_analyse

#: How long an analysis may still be listed when it has become older than the plan shows.
HISTORY_SECONDS = 60


class AnalyzeView(APIView):
    permission_classes = [HasAccount]
    parser_classes = [DefinitionParser]
    extra_failures = (404, 409, 422)

    @extend_schema(
        operation_id="analyze", request=AnalyzeSerializer, responses={200: AnalysisSerializer}
    )
    def post(self, request: Request) -> Response:
        """Analyse a definition: what is wrong, where, how a contact gets there, how to fix it."""
        sent = AnalyzeSerializer.read(request.data)
        account = account_of(request)
        rules = (sent.get("settings") or {}).get("rules")
        if "workflowId" in sent:
            workflow = workflow_find(account, sent["workflowId"])
            analysis = workflow_analyse(workflow=workflow, user=user_of(request), rules=rules)
        else:
            analysis = analysis_create(
                account=account,
                user=user_of(request),
                definition=sent["definition"].value,
                text=sent["definition"].text,
                platform=sent.get("platform"),
                name=sent.get("name"),
                rules=rules,
            )
        return Response(analysis_shown(analysis, entitlements(account)))


class AnalysisViewSet(viewsets.GenericViewSet[Analysis]):
    permission_classes = [HasAccount]

    @extend_schema(operation_id="analysis_retrieve", responses={200: AnalysisSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One analysis in full."""
        account = account_of(request)
        analysis = self._find(request, pk)
        return Response(analysis_shown(analysis, entitlements(account)))

    @extend_schema(operation_id="analysis_delete", responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Forget an analysis."""
        analysis_delete(self._find(request, pk))
        return Response(status=204)

    @staticmethod
    def _find(request: Request, pk: UUID) -> Analysis:
        analysis = analyses_for(account_of(request)).filter(pk=pk).first()
        if analysis is None:
            raise ApplicationError("not_found", "There is no analysis with this id.")
        return analysis


class HistoryViewSet(viewsets.GenericViewSet[Analysis]):
    permission_classes = [HasAccount]

    @extend_schema(
        operation_id="history",
        parameters=[HistoryQuerySerializer],
        responses={200: AnalysisRowSerializer(many=True)},
    )
    def list(self, request: Request) -> Response:
        """Past analyses, newest first."""
        query = HistoryQuerySerializer.read(request.query_params)
        account = account_of(request)
        plan = entitlements(account)
        return kept_page(
            self,
            lambda: analyses_filtered(account, **query).defer("findings"),
            lambda analysis: analysis_row(analysis, plan),
            tag=history_tag(account.pk),
            seconds=HISTORY_SECONDS,
            depends={**query, "plan": plan.name},
        )


class RuleViewSet(viewsets.GenericViewSet[Analysis]):
    """The catalogue is public: it is documentation."""

    authentication_classes = []
    permission_classes = [AllowAny]
    pagination_class = WholePagination

    @extend_schema(operation_id="rules", responses={200: RuleSerializer(many=True)})
    def list(self, request: Request) -> Response:
        """Every rule, by id."""
        page = self.paginate_queryset(list(all_rules().values())) or []
        return self.get_paginated_response([rule_to_wire(rule) for rule in page])

    @extend_schema(
        operation_id="rule",
        parameters=[OpenApiParameter("rule_id", str, OpenApiParameter.PATH)],
        responses={200: RuleSerializer},
    )
    def retrieve(self, request: Request, rule_id: str) -> Response:
        """One rule: why it matters, how to fix it, a bad and a good example."""
        rule = all_rules().get(rule_id)
        if rule is None:
            raise ApplicationError("not_found", "There is no rule with this id; see /api/rules.")
        return Response(rule_to_wire(rule))


def rule_to_wire(rule: Rule) -> dict[str, Any]:
    page = rule.page
    return {
        "id": rule.id,
        "title": page.title,
        "severity": rule.severity.value,
        "confidence": rule.confidence.value,
        "category": rule.category.value,
        "platforms": list(rule.platforms),
        "options": dict(rule.options),
        "why": page.why,
        "howToFix": page.how_to_fix,
        "badExample": page.bad.text,
        "goodExample": page.good.text,
    }
