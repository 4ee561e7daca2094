"""The shapes on the wire: what requests must look like, and what answers do."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.ops.serializers import OneOfField, SentSerializer
from apps.workflows.analysis.config import LEVELS
from apps.workflows.analysis.findings import CATEGORIES, SEVERITIES, Confidence
from apps.workflows.analysis.scoring import GRADES
from apps.workflows.api.parsers import Written
from apps.workflows.samples import NAMES

SEVERITY_NAMES = [severity.value for severity in SEVERITIES]
CATEGORY_NAMES = [category.value for category in CATEGORIES]
CONFIDENCE_NAMES = [confidence.value for confidence in Confidence]
GRADE_NAMES = [name for _, name in GRADES]
_LEVEL: dict[str, Any] = {"type": "string", "enum": list(LEVELS)}


@extend_schema_field({"type": ["object", "array"], "description": "A definition as exported."})
class DefinitionField(serializers.JSONField):
    """A definition: a JSON object or list, passed through as it is."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, (dict, list)):
            raise serializers.ValidationError("Must be a JSON object or list.", code="invalid")
        return data


class WrittenDefinitionField(DefinitionField):
    """A ``Written`` definition: with its text, as ``DefinitionParser`` reads it."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Written):
            return data
        return Written(super().to_internal_value(data), "")


@extend_schema_field(
    {
        "type": "object",
        "description": "By rule id: a severity or off; or an object with options and a severity.",
        "additionalProperties": {
            "oneOf": [
                _LEVEL,
                {
                    "type": "object",
                    "properties": {"severity": _LEVEL},
                    "additionalProperties": {"type": "number", "minimum": 0},
                },
            ]
        },
        "example": {"insecure-url": "low", "test-workflow-published": "off"},
    }
)
class RulesField(serializers.DictField):
    """What the engine is to change about its rules; the engine itself checks it."""

    default_error_messages = {"not_a_dict": "Must be an object of rule ids and levels."}


class AnalyzeSettingsSerializer(SentSerializer):
    rules = RulesField(required=False)


class AnalyzeSerializer(SentSerializer):
    """Either a definition or the id of a workflow that is here already."""

    definition = WrittenDefinitionField(required=False)
    workflowId = serializers.UUIDField(required=False)
    platform = serializers.CharField(required=False, allow_null=True, max_length=40)
    name = serializers.CharField(required=False, allow_null=True, max_length=500)
    settings = AnalyzeSettingsSerializer(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("definition" in attrs) == ("workflowId" in attrs):
            message = "Give either a definition or a workflowId."
            raise serializers.ValidationError({"definition": message}, code="required")
        return attrs


class TestAnalyzeSerializer(SentSerializer):
    """Either a sample's name or a definition."""

    sample = serializers.ChoiceField(choices=NAMES, required=False)
    definition = DefinitionField(required=False)
    platform = serializers.CharField(required=False, allow_null=True, max_length=40)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("sample" in attrs) == ("definition" in attrs):
            raise serializers.ValidationError("Give either sample or definition.", code="invalid")
        return attrs


class HistoryQuerySerializer(SentSerializer):
    workflow = serializers.UUIDField(required=False)
    version = serializers.UUIDField(required=False, help_text="One of a workflow's versions.")
    since = serializers.DateTimeField(required=False)
    grade = OneOfField(choices=GRADE_NAMES, required=False)


class Score(serializers.IntegerField):
    def __init__(self) -> None:
        super().__init__(allow_null=True, min_value=0, max_value=100)


# -- answers -----------------------------------------------------------------------------------


class WorkflowSummarySerializer(serializers.Serializer[Any]):
    id = serializers.CharField(
        allow_null=True, help_text="The stored workflow's; from /test the platform's own, if any."
    )
    name = serializers.CharField()
    platform = serializers.CharField()
    nodeCount = serializers.IntegerField()
    edgeCount = serializers.IntegerField()


class IssueSerializer(serializers.Serializer[Any]):
    ruleId = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITY_NAMES)
    confidence = serializers.ChoiceField(choices=CONFIDENCE_NAMES)
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


class CategoriesSerializer(serializers.Serializer[Any]):
    """A score per category; null where none of its rules could run."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # As an attribute, the category `data` would hide the serializer's own.
        return {name: Score() for name in CATEGORY_NAMES}


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
    healthScore = Score()
    grade = serializers.ChoiceField(choices=GRADE_NAMES, allow_null=True)
    summary = SummarySerializer()
    categories = CategoriesSerializer()
    scoreBreakdown = DeductionSerializer(many=True)
    notChecked = NotCheckedSerializer(many=True)
    coverage = serializers.FloatField(min_value=0, max_value=1)
    hiddenIssues = serializers.IntegerField(help_text="How many issues the plan does not show.")
    upgrade = UpgradeSerializer(allow_null=True)
    durationMs = serializers.FloatField()
    createdAt = serializers.DateTimeField()


class AnalysisSerializer(AnalysisRowSerializer):
    issues = IssueSerializer(many=True)


class RuleSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITY_NAMES)
    confidence = serializers.ChoiceField(choices=CONFIDENCE_NAMES)
    category = serializers.ChoiceField(choices=CATEGORY_NAMES)
    platforms = serializers.ListField(child=serializers.CharField())
    options = serializers.DictField(child=serializers.FloatField())
    why = serializers.CharField()
    howToFix = serializers.CharField()
    badExample = serializers.CharField()
    goodExample = serializers.CharField()


class SampleSerializer(serializers.Serializer[Any]):
    id = serializers.ChoiceField(choices=NAMES)
    name = serializers.CharField()
    platform = serializers.CharField()
    definition = serializers.JSONField()


class DeletedSerializer(serializers.Serializer[Any]):
    deleted = serializers.IntegerField()


class TestHealthSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok"])
    rules = serializers.IntegerField()
    samples = serializers.IntegerField()
