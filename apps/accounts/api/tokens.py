"""Personal API tokens over the API."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of, membership_of
from apps.accounts.api.serializers import (
    CreatedTokenSerializer,
    NewTokenSerializer,
    TokenSerializer,
)
from apps.accounts.api.wire import token_row
from apps.accounts.models import ApiToken, Membership
from apps.accounts.plans import plans
from apps.accounts.tokens import api_token_create, api_tokens_for
from apps.ops.errors import ApplicationError


class TokensView(GenericAPIView[ApiToken]):
    permission_classes = [HasAccount]

    extra_failures = {"POST": (402,)}

    @extend_schema(operation_id="tokens", responses={200: TokenSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Your own tokens in this account, newest first; without the tokens themselves."""
        page = self.paginate_queryset(api_tokens_for(_membership(request))) or []
        return self.get_paginated_response([token_row(token) for token in page])

    @extend_schema(
        operation_id="token_create",
        request=NewTokenSerializer,
        responses={201: CreatedTokenSerializer},
    )
    def post(self, request: Request) -> Response:
        """A new token; it is shown only this once."""
        sent = NewTokenSerializer.read(request.data)
        plans().require(account_of(request), "api_tokens")
        token, plain = api_token_create(
            membership=_membership(request),
            name=sent["name"],
            scopes=sent["scopes"],
            expires_at=_within(request.auth, sent["scopes"], sent.get("expiresAt")),
        )
        return Response({**token_row(token), "token": plain}, status=201)


class TokenView(APIView):
    permission_classes = [HasAccount]

    @extend_schema(operation_id="token_delete", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Revoke a token of yours."""
        get_object_or_404(api_tokens_for(_membership(request)), pk=pk).delete()
        return Response(status=204)


def _membership(request: Request) -> Membership:
    membership = membership_of(request)
    if membership is None:
        raise ApplicationError("permission_denied")
    return membership


def _within(
    maker: Any, scopes: list[str], expires_at: datetime.datetime | None
) -> datetime.datetime | None:
    """When the new token ends; one that a token makes can do no more and lasts no longer."""
    if not isinstance(maker, ApiToken):
        return expires_at
    if not set(scopes) <= set(maker.scopes):
        message = "A token cannot make one that may do more than itself."
        raise ApplicationError("permission_denied", message)
    if maker.expires_at is None:
        return expires_at
    if expires_at is not None and expires_at > maker.expires_at:
        message = "A token cannot make one that lasts longer than itself."
        raise ApplicationError("permission_denied", message)
    return expires_at or maker.expires_at
