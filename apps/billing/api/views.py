"""What an account pays for: anyone in it may look, its owners decide."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of, membership_of, user_of
from apps.accounts.models import Membership
from apps.billing import services
from apps.billing.api.serializers import (
    AddressSerializer,
    CancelSerializer,
    CheckoutSerializer,
    StatusSerializer,
)
from apps.billing.selectors import subscription_status
from apps.ops.serializers import SentSerializer

CLICK = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="One per click: the same key is answered with the same address.",
)


class OwnerDecides(HasAccount):
    """Money is the owners' alone; other members may look."""

    message = "Only an owner of the account may change its subscription."

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        membership = membership_of(request)
        is_owner = membership is not None and membership.role == Membership.Role.OWNER
        return request.method in SAFE_METHODS or is_owner


class BillingView(APIView):
    permission_classes = [OwnerDecides]


class StatusView(BillingView):
    @extend_schema(operation_id="subscription_status", responses={200: StatusSerializer})
    def get(self, request: Request) -> Response:
        """Plan, state, renewal, what the plan allows and what is used."""
        return Response(subscription_status(account_of(request)))


class CheckoutView(BillingView):
    extra_failures = (409, 502, 503)

    @extend_schema(
        operation_id="subscription_checkout",
        parameters=[CLICK],
        request=CheckoutSerializer,
        responses={200: AddressSerializer},
    )
    def post(self, request: Request) -> Response:
        """Where to pay for a plan. An account that pays already is answered 409."""
        sent = CheckoutSerializer.read(request.data)
        url = services.checkout_begin(
            account=account_of(request),
            interval=sent["interval"],
            email=user_of(request).email,
            return_url=_return_url(request),
            click=request.headers.get("Idempotency-Key", ""),
        )
        return Response({"url": url})


class PortalView(BillingView):
    extra_failures = (409, 502, 503)

    @extend_schema(
        operation_id="subscription_portal",
        parameters=[CLICK],
        request=None,
        responses={200: AddressSerializer},
    )
    def post(self, request: Request) -> Response:
        """Where to change cards, read invoices and cancel."""
        SentSerializer.read(request.data)
        url = services.portal_open(
            account=account_of(request),
            email=user_of(request).email,
            return_url=_return_url(request),
            click=request.headers.get("Idempotency-Key", ""),
        )
        return Response({"url": url})


class CancelView(BillingView):
    extra_failures = (409, 502, 503)

    @extend_schema(
        operation_id="subscription_cancel",
        request=CancelSerializer,
        responses={200: StatusSerializer},
    )
    def post(self, request: Request) -> Response:
        """End the subscription when what is paid for ends, or immediately."""
        sent = CancelSerializer.read(request.data)
        account = account_of(request)
        services.subscription_cancel(account=account, immediately=sent["immediately"])
        return Response(subscription_status(account))


def _return_url(request: Request) -> str:
    return settings.FRONTEND_URL or request.build_absolute_uri("/").rstrip("/")
