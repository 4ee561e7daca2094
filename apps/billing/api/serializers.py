"""The shapes on the wire of the subscription's addresses."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.billing.models import StripeSubscription, Subscription
from apps.billing.plans import FEATURES, PLANS, PRO
from apps.ops.serializers import SentSerializer


class CheckoutSerializer(SentSerializer):
    plan = serializers.ChoiceField(choices=[PRO])
    interval = serializers.ChoiceField(choices=StripeSubscription.Interval.values)


class CancelSerializer(SentSerializer):
    immediately = serializers.BooleanField(
        default=False, help_text="At once, instead of at the end of what is paid for."
    )


class AddressSerializer(serializers.Serializer[Any]):
    url = serializers.URLField()


class LimitsSerializer(serializers.Serializer[Any]):
    """``null`` means without limit."""

    issuesShown = serializers.IntegerField(allow_null=True)
    workflows = serializers.IntegerField(allow_null=True)
    members = serializers.IntegerField(allow_null=True)
    historyDays = serializers.IntegerField()
    features = serializers.ListField(child=serializers.ChoiceField(choices=sorted(FEATURES)))


class UsageSerializer(serializers.Serializer[Any]):
    workflows = serializers.IntegerField()
    members = serializers.IntegerField()


class StatusSerializer(serializers.Serializer[Any]):
    plan = serializers.ChoiceField(choices=sorted(PLANS))
    state = serializers.ChoiceField(choices=Subscription.State.values)
    renewsAt = serializers.DateTimeField(allow_null=True)
    cancelAt = serializers.DateTimeField(allow_null=True)
    limits = LimitsSerializer()
    usage = UsageSerializer()
