"""POST and GET /api/scans; GET and DELETE /api/scans/{id}."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.access import HasAccount, account_of, user_of
from apps.accounts.models import ApiToken, User
from apps.ops.errors import ApplicationError
from apps.workflows.api.scans.serializers import ScanRequestSerializer, ScanSerializer
from apps.workflows.models import Scan
from apps.workflows.selectors import scan_find, scan_row, scans_for
from apps.workflows.services import scan_cancel, scan_create


class ScansView(viewsets.GenericViewSet[Scan]):
    permission_classes = [HasAccount]
    extra_failures = {"POST": (402,)}

    @extend_schema(operation_id="scans", responses={200: ScanSerializer(many=True)})
    def list(self, request: Request) -> Response:
        """Scans, newest first."""
        page = self.paginate_queryset(scans_for(account_of(request), _agent(request))) or []
        return self.get_paginated_response([scan_row(scan) for scan in page])

    @extend_schema(
        operation_id="scan_create",
        request=ScanRequestSerializer,
        responses={202: ScanSerializer},
    )
    def create(self, request: Request) -> Response:
        """Analyse everything in the account in the background; ask for its progress by its id.

        While one runs, that one is the answer.
        """
        sent = ScanRequestSerializer.read(request.data or {})
        scope = sent.get("scope", Scan.Scope.ACCOUNT)
        if scope == Scan.Scope.AGENCY and _agent(request) is None:
            message = "A token acts in its own account; sign in to scan all that are yours."
            raise ApplicationError("permission_denied", message)
        scan = scan_create(account=account_of(request), user=user_of(request), scope=scope)
        return Response(scan_row(scan), status=202)


class ScanView(viewsets.GenericViewSet[Scan]):
    permission_classes = [HasAccount]
    extra_failures = {"DELETE": (409,)}

    @extend_schema(operation_id="scan", responses={200: ScanSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """How far a scan is, and once it is done its summary."""
        return Response(scan_row(scan_find(account_of(request), _agent(request), pk)))

    @extend_schema(operation_id="scan_cancel", responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Cancel a scan; what it has analysed stays."""
        scan_cancel(scan_find(account_of(request), _agent(request), pk))
        return Response(status=204)


def _agent(request: Request) -> User | None:
    """Whose several accounts are meant; a token's holder may act in one of them alone."""
    return None if isinstance(request.auth, ApiToken) else user_of(request)
