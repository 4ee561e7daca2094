"""References across the account, and the map of who starts whom."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of
from apps.billing.entitlements import require
from apps.workflows.api.landscape.serializers import (
    MapSerializer,
    ReferencesQuerySerializer,
    ReferencesSerializer,
)
from apps.workflows.models import Workflow
from apps.workflows.selectors import account_map_of, index_of, matching, references_of

#: Rows beside a page of the index; ask for a value to page through all of its own.
MOST_ROWS = 1_000


class ReferencesView(GenericAPIView[Workflow]):
    permission_classes = [HasAccount]
    extra_failures = (400, 402, 404)
    holds_page = True

    @extend_schema(
        operation_id="references",
        parameters=[ReferencesQuerySerializer],
        responses={200: ReferencesSerializer},
    )
    def get(self, request: Request) -> Response:
        """Every workflow and step that reads or writes a tag, field, stage, form, calendar, user,
        template, workflow, address…, from the newest definitions. Without `value`, the index of
        what there is, by pages; `references` then has the first 1,000 steps behind that page."""
        account = account_of(request)
        require(account, "references")
        query = ReferencesQuerySerializer.read(request.query_params)
        value = query.get("value")
        rows = matching(references_of(account), query.get("kind"), value)
        if value is not None:
            page = self.paginate_queryset(rows) or []
            return self.get_paginated_response({"references": page, "index": []})
        index = self.paginate_queryset(index_of(rows)) or []
        keys = {(entry["kind"], entry["value"]) for entry in index}
        shown = [row for row in rows if (row["kind"], row["value"]) in keys][:MOST_ROWS]
        return self.get_paginated_response({"references": shown, "index": index})


class MapView(APIView):
    permission_classes = [HasAccount]
    extra_failures = (402,)

    @extend_schema(operation_id="account_map", responses={200: MapSerializer})
    def get(self, request: Request) -> Response:
        """The account's workflows as one graph: who triggers whom over which tag, field, stage or
        call, which go round in circles, and which write different values on the same start."""
        account = account_of(request)
        require(account, "map")
        return Response(account_map_of(account))
