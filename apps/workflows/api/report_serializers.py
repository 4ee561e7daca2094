"""The shapes of reports, comparisons, share links and trends."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.ops.serializers import SentSerializer
from apps.workflows.api.serializers import (
    GRADE_NAMES,
    AnalysisRowSerializer,
    IssueSerializer,
    Score,
    UpgradeSerializer,
)
from apps.workflows.services.shares import DAYS, MOST_DAYS

FORMATS = ("html", "json", "sarif", "markdown", "csv", "svg")


class ReportQuerySerializer(SentSerializer):
    format = serializers.ChoiceField(choices=FORMATS, default="json")


class ComparisonQuerySerializer(SentSerializer):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `with` is a keyword of the language.
        what = "The analysis to compare from: the earlier one."
        return {"with": serializers.UUIDField(help_text=what)}


class RuleChangeSerializer(serializers.Serializer[Any]):
    ruleId = serializers.CharField()
    before = serializers.FloatField(help_text="Points the rule took before.")
    after = serializers.FloatField()
    change = serializers.FloatField(help_text="Above 0: points won back.")


class CountsSerializer(serializers.Serializer[Any]):
    new = serializers.IntegerField()
    fixed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class ComparisonSerializer(serializers.Serializer[Any]):
    """From the analysis named in `with` to the one in the path."""

    to = AnalysisRowSerializer()
    sameWorkflow = serializers.BooleanField()
    scoreChange = serializers.IntegerField(allow_null=True)
    scoreChanges = RuleChangeSerializer(
        many=True, help_text="What moved the score, by rule; the changes add up to scoreChange."
    )
    counts = CountsSerializer(help_text="Of all issues, shown or not.")
    new = IssueSerializer(many=True)
    fixed = IssueSerializer(many=True)
    unchanged = IssueSerializer(many=True)
    hiddenIssues = serializers.IntegerField(help_text="How many issues the plan does not show.")
    upgrade = UpgradeSerializer(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {"from": AnalysisRowSerializer(), **super().get_fields()}


class ShareSerializer(SentSerializer):
    expiresInDays = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=DAYS)


class ShareLinkSerializer(serializers.Serializer[Any]):
    url = serializers.URLField()
    token = serializers.CharField(help_text="Shown only this once.")
    expiresAt = serializers.DateTimeField()


class TrendsQuerySerializer(SentSerializer):
    workflow = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False)


class DaySerializer(serializers.Serializer[Any]):
    date = serializers.DateField()
    healthScore = Score()


class PointSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    healthScore = Score()
    grade = serializers.ChoiceField(choices=GRADE_NAMES, allow_null=True)


class LineSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    points = PointSerializer(many=True)


class TrendsSerializer(serializers.Serializer[Any]):
    account = DaySerializer(many=True)
    workflows = LineSerializer(many=True)
