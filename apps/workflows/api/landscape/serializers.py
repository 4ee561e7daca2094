"""The shapes of references and of the map."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.ops.responses import MAX_PAGE_SIZE
from apps.ops.serializers import SentSerializer
from apps.workflows.analysis.usage import KINDS


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


_KINDS = {_plain(kind): kind for kind in KINDS} | {
    "url": "webhook",
    "webhookurl": "webhook",
    "call": "webhook",
    "link": "trigger_link",
    "customfield": "field",
    "contactfield": "field",
    "pipelinestage": "stage",
    "emailtemplate": "template",
}


class ReferencesQuerySerializer(SentSerializer):
    kind = serializers.CharField(
        required=False, max_length=40, help_text=f"One of {', '.join(KINDS)}."
    )
    value = serializers.CharField(
        required=False, max_length=300, help_text="A tag, a field's name or id, an id, an address."
    )

    page = serializers.IntegerField(required=False, min_value=1)
    pageSize = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE_SIZE)

    def validate_kind(self, name: str) -> str:
        """Written in any way: ``custom_value``, ``customValue``, ``Custom Value``."""
        kind = _KINDS.get(_plain(name))
        if kind is None:
            message = f"There is no such kind; use one of {', '.join(KINDS)}."
            raise serializers.ValidationError(message, code="unknown")
        return kind


class ReferenceSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    value = serializers.CharField()
    access = serializers.CharField(help_text="`read` or `write`.")
    workflowId = serializers.UUIDField()
    workflowName = serializers.CharField()
    nodeId = serializers.CharField()
    nodeName = serializers.CharField()


class IndexEntrySerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    value = serializers.CharField()
    reads = serializers.IntegerField(help_text="How many steps read it.")
    writes = serializers.IntegerField()
    workflows = serializers.IntegerField()


class ReferencesSerializer(serializers.Serializer[Any]):
    """One page of references, or of the index when no value is asked for."""

    references = ReferenceSerializer(many=True)
    index = IndexEntrySerializer(many=True, help_text="Without `value`: what there is to ask for.")


class MapWorkflowSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class LinkSerializer(serializers.Serializer[Any]):
    """The steps `nodeIds` of `source` start `target`."""

    source = serializers.UUIDField()  # type: ignore[assignment]
    target = serializers.UUIDField()
    kind = serializers.CharField(help_text="workflow, tag, field, stage, status or call.")
    value = serializers.CharField()
    nodeIds = serializers.ListField(child=serializers.CharField())
    automatic = serializers.BooleanField(
        help_text="Whether it works by itself, without a person who answers first."
    )


class ConflictPartSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    nodeIds = serializers.ListField(child=serializers.CharField())


class ConflictSerializer(serializers.Serializer[Any]):
    """Workflows that start alike and write different values to the same thing."""

    kind = serializers.CharField(help_text="field or stage.")
    value = serializers.CharField(help_text="The field, or the stage's pipeline.")
    workflows = ConflictPartSerializer(many=True)


class MapSerializer(serializers.Serializer[Any]):
    workflows = MapWorkflowSerializer(many=True)
    links = LinkSerializer(many=True)
    cycles = serializers.ListField(
        child=serializers.ListField(child=serializers.UUIDField()),
        help_text="Workflows that start one another in a circle; one alone starts itself.",
    )
    conflicts = ConflictSerializer(many=True)
