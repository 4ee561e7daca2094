"""The shapes on the wire of signing in, tokens and connections."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from apps.accounts.models import Connection, Membership
from apps.accounts.n8n import LONGEST_KEY
from apps.accounts.tokens import SCOPES
from apps.ops.serializers import SentSerializer

#: As the API tells it: a connection that was revoked is none.
STATES = ["none", Connection.State.CONNECTED.value, Connection.State.NEEDS_ATTENTION.value]

PROVIDERS = Connection.Provider.values
#: What an owner connects by address and key.
CONNECTABLE = [Connection.Provider.N8N.value]


class PasswordSerializer(SentSerializer):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


def _future(value: datetime.datetime) -> None:
    if value <= timezone.now():
        raise serializers.ValidationError("Must lie in the future.", code="past")


def _plain(value: str) -> None:
    if not value.isascii() or not value.isprintable():
        raise serializers.ValidationError("Holds characters that no key has.", code="invalid")


class NewTokenSerializer(SentSerializer):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=SCOPES), min_length=1, max_length=10
    )
    expiresAt = serializers.DateTimeField(required=False, allow_null=True, validators=[_future])

    def validate_scopes(self, value: list[str]) -> list[str]:
        return [scope for scope in SCOPES if scope in value]


class NewConnectionSerializer(SentSerializer):
    provider = serializers.ChoiceField(
        choices=CONNECTABLE,
        help_text="HighLevel is connected by signing in with it, at /auth/login.",
    )
    baseUrl = serializers.CharField(max_length=500)
    apiKey = serializers.CharField(max_length=LONGEST_KEY, write_only=True, validators=[_plain])


# -- answers -----------------------------------------------------------------------------------


class StatusUserSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.CharField()
    role = serializers.ChoiceField(choices=Membership.Role.values, allow_null=True)


class StatusAccountSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    locationId = serializers.CharField(allow_null=True)


class StatusConnectionSerializer(serializers.Serializer[Any]):
    provider = serializers.ChoiceField(choices=PROVIDERS, allow_null=True)
    state = serializers.ChoiceField(choices=STATES)
    scopes = serializers.ListField(child=serializers.CharField())
    expiresAt = serializers.DateTimeField(allow_null=True)


class SignInStatusSerializer(serializers.Serializer[Any]):
    authenticated = serializers.BooleanField()
    user = StatusUserSerializer(allow_null=True)
    account = StatusAccountSerializer(allow_null=True)
    plan = serializers.CharField(allow_null=True)
    connection = StatusConnectionSerializer()


class TokenSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES))
    createdAt = serializers.DateTimeField()
    expiresAt = serializers.DateTimeField(allow_null=True)
    lastUsedAt = serializers.DateTimeField(allow_null=True)


class CreatedTokenSerializer(TokenSerializer):
    token = serializers.CharField(help_text="Shown only this once.")


class ConnectionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    provider = serializers.ChoiceField(choices=PROVIDERS)
    state = serializers.ChoiceField(choices=STATES)
    baseUrl = serializers.CharField(allow_null=True)
    locationId = serializers.CharField(allow_null=True)
    companyId = serializers.CharField(allow_null=True)
    scopes = serializers.ListField(child=serializers.CharField())
    expiresAt = serializers.DateTimeField(allow_null=True)
    syncedAt = serializers.DateTimeField(allow_null=True)
    lastError = serializers.CharField(allow_null=True)
    createdAt = serializers.DateTimeField()
