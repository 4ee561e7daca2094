"""The /test endpoints: the main job without signing in, where the deployment allows them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.ops.responses import WholePagination
from apps.workflows.analysis.rules import all_rules
from apps.workflows.api.serializers import (
    AnalysisRowSerializer,
    AnalysisSerializer,
    DeletedSerializer,
    SampleSerializer,
    TestAnalyzeSerializer,
    TestHealthSerializer,
)
from apps.workflows.models import Analysis
from apps.workflows.platforms import detect
from apps.workflows.samples import NAMES, sample
from apps.workflows.selectors import analysis_row, analysis_shown, test_analyses
from apps.workflows.services import analysis_create, test_history_clear


class TestEndpoint(GenericAPIView[Analysis]):
    """Not there at all unless ``DEBUG`` or ``ENABLE_TEST_ENDPOINTS`` says so."""

    authentication_classes = []
    permission_classes = [AllowAny]
    extra_failures: tuple[int, ...] = (404,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not settings.ENABLE_TEST_ENDPOINTS:
            raise NotFound
        super().initial(request, *args, **kwargs)


class TestWorkflowsView(TestEndpoint):
    pagination_class = WholePagination

    @extend_schema(operation_id="test_workflows", responses={200: SampleSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """The three samples."""
        page = self.paginate_queryset(NAMES) or []
        return self.get_paginated_response([_sample(name) for name in page])


class TestAnalyzeView(TestEndpoint):
    extra_failures = (404, 422)

    @extend_schema(
        operation_id="test_analyze",
        request=TestAnalyzeSerializer,
        responses={200: AnalysisSerializer},
    )
    def post(self, request: Request) -> Response:
        """Analyse a sample or a definition; every issue is shown."""
        sent = TestAnalyzeSerializer.read(request.data)
        chosen = sent.get("sample")
        analysis = analysis_create(
            account=None,
            definition=sample(chosen) if chosen else sent["definition"],
            platform=sent.get("platform"),
            origin=Analysis.Origin.TEST,
        )
        return Response(analysis_shown(analysis, None))


class TestHistoryView(TestEndpoint):
    @extend_schema(operation_id="test_history", responses={200: AnalysisRowSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """What was analysed here, newest first."""
        page = self.paginate_queryset(test_analyses().defer("findings")) or []
        return self.get_paginated_response([analysis_row(analysis, None) for analysis in page])

    @extend_schema(operation_id="test_history_clear", responses={200: DeletedSerializer})
    def delete(self, request: Request) -> Response:
        """Forget it all."""
        return Response({"deleted": test_history_clear()})


class TestHealthView(TestEndpoint):
    @extend_schema(operation_id="test_health", responses={200: TestHealthSerializer})
    def get(self, request: Request) -> Response:
        """Whether the engine has its rules and samples."""
        return Response({"status": "ok", "rules": len(all_rules()), "samples": len(NAMES)})


def _sample(name: str) -> dict[str, Any]:
    definition = sample(name)
    workflow = definition["workflow"]
    return {
        "id": name,
        "name": workflow["name"],
        "platform": detect(definition),
        "definition": definition,
    }
