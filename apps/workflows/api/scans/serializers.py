"""Scans on the wire."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.ops.serializers import SentSerializer
from apps.workflows.api.serializers import GRADE_NAMES
from apps.workflows.models import Scan


class ScanRequestSerializer(SentSerializer):
    scope = serializers.ChoiceField(
        choices=Scan.Scope.choices,
        required=False,
        help_text="The account, unless told; or, in a browser session, every account in which you "
        "may write.",
    )


class _Score(serializers.IntegerField):
    def __init__(self) -> None:
        super().__init__(allow_null=True, min_value=0, max_value=100)


class ScannedAccountSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    healthScore = _Score()
    grade = serializers.ChoiceField(choices=GRADE_NAMES, allow_null=True)
    categories = serializers.DictField(child=_Score())
    grades = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many workflows have each grade."
    )
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    withoutSteps = serializers.IntegerField(
        help_text="Workflows known only from a list; they are in no other number."
    )


class WorseSerializer(serializers.Serializer[Any]):
    """A workflow whose grade fell, or that has a new critical finding."""

    workflowId = serializers.UUIDField()
    analysisId = serializers.UUIDField()
    name = serializers.CharField()
    healthScore = _Score()
    grade = serializers.ChoiceField(choices=GRADE_NAMES, allow_null=True)
    gradeBefore = serializers.ChoiceField(choices=GRADE_NAMES, allow_null=True)
    new = serializers.IntegerField()
    newCritical = serializers.IntegerField()


class ScanErrorSerializer(serializers.Serializer[Any]):
    workflowId = serializers.UUIDField()
    name = serializers.CharField()
    message = serializers.CharField()


class ScanSummarySerializer(serializers.Serializer[Any]):
    """New, fixed and unchanged findings are told by fingerprint from each workflow's analysis
    before; a workflow that had none is in none of these numbers."""

    accounts = ScannedAccountSerializer(many=True)
    healthScore = _Score()
    grade = serializers.ChoiceField(choices=GRADE_NAMES, allow_null=True)
    new = serializers.IntegerField()
    fixed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    worse = WorseSerializer(many=True)
    faults = ScanErrorSerializer(many=True)


class ScanSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    scope = serializers.ChoiceField(choices=Scan.Scope.choices)
    state = serializers.ChoiceField(choices=Scan.State.choices)
    total = serializers.IntegerField()
    done = serializers.IntegerField(help_text="Workflows that were analysed.")
    failed = serializers.IntegerField(help_text="Workflows that could not be.")
    etaSeconds = serializers.FloatField(allow_null=True)
    createdAt = serializers.DateTimeField()
    startedAt = serializers.DateTimeField(allow_null=True)
    finishedAt = serializers.DateTimeField(allow_null=True)
    summary = ScanSummarySerializer(allow_null=True)
