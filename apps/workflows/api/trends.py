"""Scores over time."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of
from apps.workflows.api.report_serializers import TrendsQuerySerializer, TrendsSerializer
from apps.workflows.selectors import trends_of


class TrendsView(APIView):
    permission_classes = [HasAccount]
    extra_failures = (400,)

    @extend_schema(
        operation_id="trends", parameters=[TrendsQuerySerializer], responses={200: TrendsSerializer}
    )
    def get(self, request: Request) -> Response:
        """The health score over time: a point per analysis for each workflow, and for the account
        a point per day with an analysis, the mean of what its workflows scored by then. Within
        the plan's history; of very long ones the newest part."""
        query = TrendsQuerySerializer.read(request.query_params)
        return Response(trends_of(account_of(request), **query))
