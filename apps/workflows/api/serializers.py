"""The shapes on the wire: what requests must look like, and what answers do."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.workflows.analysis.findings import CATEGORIES, SEVERITIES, Confidence
from apps.workflows.analysis.scoring import GRADES

SEVERITY_NAMES = [severity.value for severity in SEVERITIES]
CATEGORY_NAMES = [category.value for category in CATEGORIES]
GRADE_NAMES = [name for _, name in GRADES]
SAMPLE_NAMES = ["critical", "medium", "healthy"]


class DefinitionField(serializers.JSONField):
    """A definition: a JSON object or list, passed through as it is."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, (dict, list)):
            raise serializers.ValidationError("Must be a JSON object or list.", code="invalid")
        return data


class AnalyzeSettingsSerializer(serializers.Serializer[Any]):
    rules = serializers.DictField(
        required=False, help_text='`{"<rule-id>": "off" | "critical" | … | "info"}`'
    )


class AnalyzeSerializer(serializers.Serializer[Any]):
    definition = DefinitionField()
    platform = serializers.CharField(required=False, allow_null=True, max_length=40)
    name = serializers.CharField(required=False, allow_null=True, max_length=500)
    settings = AnalyzeSettingsSerializer(required=False, allow_null=True)


class TestAnalyzeSerializer(serializers.Serializer[Any]):
    """Either a sample's name or a definition."""

    sample = serializers.ChoiceField(choices=SAMPLE_NAMES, required=False)
    definition = DefinitionField(required=False)
    platform = serializers.CharField(required=False, allow_null=True, max_length=40)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("sample" in attrs) == ("definition" in attrs):
            raise serializers.ValidationError("Give either sample or definition.", code="invalid")
        return attrs


class HistoryQuerySerializer(serializers.Serializer[Any]):
    workflow = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False)
    grade = serializers.ChoiceField(choices=GRADE_NAMES, required=False)


# -- answers -----------------------------------------------------------------------------------


class WorkflowSummarySerializer(serializers.Serializer[Any]):
    id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    platform = serializers.CharField()
    nodeCount = serializers.IntegerField()
    edgeCount = serializers.IntegerField()


class IssueSerializer(serializers.Serializer[Any]):
    ruleId = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITY_NAMES)
    confidence = serializers.ChoiceField(choices=[c.value for c in Confidence])
    category = serializers.ChoiceField(choices=CATEGORY_NAMES)
    title = serializers.CharField()
    message = serializers.CharField()
    nodeIds = serializers.ListField(child=serializers.CharField())
    path = serializers.ListField(child=serializers.CharField())
    impact = serializers.CharField()
    affectedSteps = serializers.IntegerField()
    remedy = serializers.CharField()
    docsUrl = serializers.CharField()
    fingerprint = serializers.CharField()


class SummarySerializer(serializers.Serializer[Any]):
    critical = serializers.IntegerField()
    high = serializers.IntegerField()
    medium = serializers.IntegerField()
    low = serializers.IntegerField()
    info = serializers.IntegerField()
    total = serializers.IntegerField()
    suppressed = serializers.IntegerField()


class DeductionSerializer(serializers.Serializer[Any]):
    ruleId = serializers.CharField()
    deduction = serializers.FloatField()
    count = serializers.IntegerField()


class NotCheckedSerializer(serializers.Serializer[Any]):
    ruleId = serializers.CharField()
    reason = serializers.CharField()


class UpgradeSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    url = serializers.CharField()


class AnalysisRowSerializer(serializers.Serializer[Any]):
    """An analysis without its issues."""

    analysisId = serializers.UUIDField()
    workflow = WorkflowSummarySerializer()
    healthScore = serializers.IntegerField(allow_null=True, min_value=0, max_value=100)
    grade = serializers.ChoiceField(choices=GRADE_NAMES, allow_null=True)
    summary = SummarySerializer()
    categories = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    coverage = serializers.FloatField(min_value=0, max_value=1)
    durationMs = serializers.FloatField()
    createdAt = serializers.DateTimeField()


class AnalysisSerializer(AnalysisRowSerializer):
    scoreBreakdown = DeductionSerializer(many=True)
    issues = IssueSerializer(many=True)
    notChecked = NotCheckedSerializer(many=True)
    hiddenIssues = serializers.IntegerField()
    upgrade = UpgradeSerializer(allow_null=True)


class RuleExampleSerializer(serializers.Serializer[Any]):
    platform = serializers.CharField(allow_blank=True)
    definition = serializers.JSONField()


class RuleSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITY_NAMES)
    confidence = serializers.ChoiceField(choices=[c.value for c in Confidence])
    category = serializers.ChoiceField(choices=CATEGORY_NAMES)
    platforms = serializers.ListField(child=serializers.CharField())
    options = serializers.DictField(child=serializers.FloatField())
    why = serializers.CharField()
    howToFix = serializers.CharField()
    badExample = serializers.CharField()
    goodExample = serializers.CharField()


class SampleSerializer(serializers.Serializer[Any]):
    id = serializers.ChoiceField(choices=SAMPLE_NAMES)
    name = serializers.CharField()
    platform = serializers.CharField()
    definition = serializers.JSONField()


class DeletedSerializer(serializers.Serializer[Any]):
    deleted = serializers.IntegerField()


class TestHealthSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok"])
    rules = serializers.IntegerField()
    samples = serializers.IntegerField()
