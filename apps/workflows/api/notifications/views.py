"""GET and PUT /api/settings/notifications; POST /api/settings/notifications/test."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of
from apps.billing.entitlements import require
from apps.ops.notifications.channels import channel_test, channels_for, channels_replace
from apps.ops.notifications.events import EVENTS
from apps.workflows.api.notifications.serializers import (
    ChannelTestSerializer,
    NotificationAnswerSerializer,
    NotificationSettingsSerializer,
    TestedSerializer,
)
from apps.workflows.selectors import addresses_of
from apps.workflows.services import channels_held


class NotificationSettingsView(APIView):
    permission_classes = [HasAccount]
    extra_failures = {"PUT": (402,)}

    @extend_schema(
        operation_id="notification_settings", responses={200: NotificationAnswerSerializer}
    )
    def get(self, request: Request) -> Response:
        """Who hears what, over which channel, how often; addresses without their secrets."""
        return Response(settings_to_wire(channels_for(account_of(request).pk)))

    @extend_schema(
        operation_id="notification_settings_replace",
        request=NotificationSettingsSerializer,
        responses={200: NotificationAnswerSerializer},
    )
    def put(self, request: Request) -> Response:
        """Replace all channels; one that is left out is forgotten."""
        account = account_of(request)
        require(account, "notifications")
        sent = NotificationSettingsSerializer.read(request.data)
        with channels_held(account):
            channels = channels_replace(
                account_id=account.pk, rows=sent["channels"], members=addresses_of(account)
            )
        return Response(settings_to_wire(channels))


class NotificationTestView(APIView):
    permission_classes = [HasAccount]
    extra_failures = (402, 404)

    @extend_schema(
        operation_id="notification_test",
        request=ChannelTestSerializer,
        responses={200: TestedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Send one message over a channel now, and tell whether it was taken."""
        account = account_of(request)
        require(account, "notifications")
        sent = ChannelTestSerializer.read(request.data)
        address = channel_test(
            account_id=account.pk,
            channel_id=sent.get("channelId"),
            url=sent.get("url", ""),
            members=addresses_of(account),
        )
        return Response({"delivered": True, "type": address.type})


def settings_to_wire(channels: Any) -> dict[str, Any]:
    return {
        "kinds": [{"kind": kind, "about": event.about} for kind, event in EVENTS.items()],
        "channels": [
            {
                "id": str(channel.pk),
                "name": channel.name,
                "type": channel.type,
                "url": channel.masked,
                "kinds": channel.kinds,
                "frequency": channel.frequency,
                "enabled": channel.enabled,
                "lastSentAt": channel.last_sent_at,
                "lastError": channel.last_error or None,
            }
            for channel in channels
        ],
    }
