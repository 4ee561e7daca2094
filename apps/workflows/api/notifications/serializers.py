"""Channels on the wire."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.ops.notifications.addresses import TYPES
from apps.ops.notifications.events import EVENTS
from apps.ops.notifications.models import Channel
from apps.ops.serializers import SentSerializer

KINDS = list(EVENTS)


class ChannelSerializer(SentSerializer):
    """A channel as it is to be; with its id and without its address it keeps the address."""

    id = serializers.UUIDField(required=False, allow_null=True)
    name = serializers.CharField(max_length=100)
    url = serializers.CharField(
        required=False,
        max_length=1000,
        help_text="As Apprise writes it (slack://, discord://, tgram://, twilio://, whatsapp://, "
        "workflows://, gchat://, vonage://), a web hook (https://, json://, jsons://), or "
        "mailto: and a member.",
    )
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=KINDS), max_length=50)
    frequency = serializers.ChoiceField(choices=Channel.Frequency.choices, required=False)
    enabled = serializers.BooleanField(required=False)


class NotificationSettingsSerializer(SentSerializer):
    channels = ChannelSerializer(many=True)


class ChannelTestSerializer(SentSerializer):
    """A channel that is kept, or an address before it is."""

    channelId = serializers.UUIDField(required=False)
    url = serializers.CharField(required=False, max_length=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("channelId" in attrs) == ("url" in attrs):
            raise serializers.ValidationError("Give either channelId or url.", code="invalid")
        return attrs


class ChannelAnswerSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=TYPES)
    url = serializers.CharField(help_text="Without its secrets.")
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=KINDS))
    frequency = serializers.ChoiceField(choices=Channel.Frequency.choices)
    enabled = serializers.BooleanField()
    lastSentAt = serializers.DateTimeField(allow_null=True)
    lastError = serializers.CharField(allow_null=True)


class EventSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=KINDS)
    about = serializers.CharField()


class NotificationAnswerSerializer(serializers.Serializer[Any]):
    kinds = EventSerializer(many=True)
    channels = ChannelAnswerSerializer(many=True)


class TestedSerializer(serializers.Serializer[Any]):
    delivered = serializers.BooleanField()
    type = serializers.ChoiceField(choices=TYPES)
