"""An account's connections over the API; HighLevel's are made by signing in."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import OwnsAccount, account_of
from apps.accounts.api.serializers import ConnectionSerializer, NewConnectionSerializer
from apps.accounts.api.wire import connection_row
from apps.accounts.connections import connections_for
from apps.accounts.models import Connection
from apps.accounts.n8n import instance_address, instance_connect


class ConnectionsView(GenericAPIView[Connection]):
    permission_classes = [OwnsAccount]

    extra_failures = {"POST": (502,)}

    @extend_schema(operation_id="connections", responses={200: ConnectionSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """How this account reaches its platforms; no key is shown."""
        page = self.paginate_queryset(connections_for(account_of(request))) or []
        return self.get_paginated_response([connection_row(each) for each in page])

    @extend_schema(
        operation_id="connection_create",
        request=NewConnectionSerializer,
        responses={200: ConnectionSerializer, 201: ConnectionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Connect an n8n instance, or give a known one (200) a new key; owners only.

        The key is tried first: an instance that does not let us in is not kept.
        """
        sent = NewConnectionSerializer.read(request.data)
        connection, created = instance_connect(
            account=account_of(request),
            address=instance_address(sent["baseUrl"]),
            key=sent["apiKey"],
        )
        return Response(connection_row(connection), status=201 if created else 200)


class ConnectionView(APIView):
    permission_classes = [OwnsAccount]

    @extend_schema(operation_id="connection_delete", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Forget a connection and its keys; what was fetched by it stays. Owners only."""
        get_object_or_404(connections_for(account_of(request)), pk=pk).delete()
        return Response(status=204)
