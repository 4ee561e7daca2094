"""POST /api/workflows/sync: read the connected platforms in the background."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of
from apps.workflows.services import sync_request


class SyncedConnectionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    provider = serializers.CharField()


class SyncSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["queued"])
    connections = SyncedConnectionSerializer(many=True)


class SyncView(APIView):
    permission_classes = [HasAccount]
    extra_failures = (409,)

    @extend_schema(operation_id="workflows_sync", request=None, responses={202: SyncSerializer})
    def post(self, request: Request) -> Response:
        """Bring in what the connected platforms have; asking again while it runs adds nothing.

        `GET /api/connections` tells when it was last done (`syncedAt`).
        """
        connections = sync_request(account=account_of(request))
        rows = [{"id": each.pk, "provider": each.provider} for each in connections]
        return Response({"state": "queued", "connections": rows}, status=202)
