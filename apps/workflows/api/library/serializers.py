"""Workflows on the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.ops.serializers import OneOfField, SentSerializer
from apps.workflows.analysis.graph import PLATFORMS, EdgeKind, Kind
from apps.workflows.api.serializers import GRADE_NAMES, Score, WrittenDefinitionField
from apps.workflows.models import Workflow
from apps.workflows.selectors import ORDERINGS


class ImportSerializer(SentSerializer):
    definition = WrittenDefinitionField()
    platform = serializers.CharField(required=False, allow_null=True, max_length=40)
    name = serializers.CharField(
        required=False, allow_null=True, max_length=500, help_text="For a single workflow."
    )


class UploadSerializer(SentSerializer):
    """One or more files, each JSON or a ZIP of such; what they are is told by their content."""

    file = serializers.ListField(child=serializers.FileField(allow_empty_file=True))
    platform = serializers.CharField(required=False, allow_null=True, max_length=40)
    name = serializers.CharField(required=False, allow_null=True, max_length=500)


class WorkflowsQuerySerializer(SentSerializer):
    search = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="A part of the name."
    )
    platform = OneOfField(choices=PLATFORMS, required=False)
    grade = OneOfField(choices=GRADE_NAMES, required=False)
    ordering = OneOfField(choices=ORDERINGS, required=False, default=ORDERINGS[0])


class WorkflowRowSerializer(serializers.Serializer[Any]):
    """A workflow with the score of its last analysis."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    platform = serializers.ChoiceField(choices=PLATFORMS)
    externalId = serializers.CharField(help_text="Its id on the platform; empty if unknown.")
    status = serializers.ChoiceField(choices=Workflow.Status.choices)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=Workflow.Source.choices
    )
    hasDefinition = serializers.BooleanField(
        help_text="False: known only from a list; upload an export to analyse it."
    )
    healthScore = Score()
    grade = serializers.ChoiceField(choices=GRADE_NAMES, allow_null=True)
    updatedAt = serializers.DateTimeField()
    analyzedAt = serializers.DateTimeField(allow_null=True)


class VersionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    contentHash = serializers.CharField()
    createdAt = serializers.DateTimeField()
    healthScore = Score()
    grade = serializers.ChoiceField(choices=GRADE_NAMES, allow_null=True)


@extend_schema_field(
    {"type": ["object", "array", "null"], "description": "As it came; null if not available."}
)
class _Definition(serializers.JSONField):
    pass


class WorkflowSerializer(WorkflowRowSerializer):
    versions = VersionSerializer(many=True, help_text="Newest first.")
    definition = _Definition()


class FaultSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="The file, or the workflow in it.")
    code = serializers.CharField()
    message = serializers.CharField()


class ImportedSerializer(serializers.Serializer[Any]):
    workflows = WorkflowRowSerializer(many=True)
    imported = serializers.IntegerField(help_text="Workflows that are new or have new content.")
    unchanged = serializers.IntegerField(help_text="Workflows whose content was known already.")
    errors = FaultSerializer(many=True)  # type: ignore[assignment]


class PositionSerializer(serializers.Serializer[Any]):
    x = serializers.FloatField()
    y = serializers.FloatField()


class NodeSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    type = serializers.CharField(help_text="As the platform calls it.")
    enabled = serializers.BooleanField()
    position = PositionSerializer(
        allow_null=True, help_text="Where the platform's editor shows it, if the file says so."
    )


class EdgeSerializer(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]
    target = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=[kind.value for kind in EdgeKind])


class StructureSettingsSerializer(serializers.Serializer[Any]):
    """Null where the definition does not say."""

    reentry = serializers.BooleanField(allow_null=True)
    stopOnResponse = serializers.BooleanField(allow_null=True)
    timezone = serializers.CharField(allow_null=True)
    window = serializers.DictField(allow_null=True)
    errorWorkflow = serializers.CharField(allow_null=True)


class StructureSerializer(serializers.Serializer[Any]):
    nodes = NodeSerializer(many=True)
    edges = EdgeSerializer(many=True)
    settings = StructureSettingsSerializer()
    entryNodeIds = serializers.ListField(child=serializers.CharField())
