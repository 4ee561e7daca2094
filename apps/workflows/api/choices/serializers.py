"""Rule settings and suppressions on the wire."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.ops.serializers import SentSerializer
from apps.workflows.api.serializers import RulesField
from apps.workflows.selectors import STATES


class RuleSettingsSerializer(SentSerializer):
    rules = RulesField()


class RuleSettingsAnswerSerializer(serializers.Serializer[Any]):
    rules = RulesField()
    updatedAt = serializers.DateTimeField(allow_null=True, help_text="Null: never set.")


class SuppressSerializer(SentSerializer):
    """One finding by its fingerprint, or a rule: everywhere, on a workflow, on a step."""

    fingerprint = serializers.CharField(required=False, max_length=64)
    ruleId = serializers.CharField(required=False, max_length=100)
    workflowId = serializers.UUIDField(required=False, allow_null=True)
    nodeId = serializers.CharField(required=False, allow_null=True, max_length=500)
    reason = serializers.CharField(max_length=500)
    expiresAt = serializers.DateTimeField(
        required=False,
        allow_null=True,
        input_formats=["iso-8601", "%Y-%m-%d"],
        help_text="A time to come, or a day: from its first moment on.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("fingerprint" in attrs) == ("ruleId" in attrs):
            message = "Give either a fingerprint or a ruleId."
            raise serializers.ValidationError({"fingerprint": message}, code="required")
        if "fingerprint" in attrs and attrs.get("nodeId"):
            message = "A fingerprint already says which step; leave nodeId out."
            raise serializers.ValidationError({"nodeId": message}, code="invalid")
        return attrs


class SuppressionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    fingerprint = serializers.CharField(allow_null=True)
    ruleId = serializers.CharField(allow_null=True)
    workflowId = serializers.UUIDField(allow_null=True)
    nodeId = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    expiresAt = serializers.DateTimeField(allow_null=True)
    createdAt = serializers.DateTimeField()
    state = serializers.ChoiceField(
        choices=STATES,
        help_text="Stale: there is nothing in the newest analyses that it silences.",
    )
