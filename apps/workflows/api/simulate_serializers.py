"""What a simulation is asked for and answers."""

from __future__ import annotations

import datetime
import re
from typing import Any
from zoneinfo import available_timezones

from django.utils.dateparse import parse_duration
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.ops.serializers import SentSerializer
from apps.workflows.analysis.simulate import ENDS, MAX_STEPS
from apps.workflows.api.serializers import DefinitionField

MOST_STEPS = 5_000
LONGEST = datetime.timedelta(days=3_660)
#: In which a walk may begin.
YEARS = (1900, 9000)
#: Standard fields of a contact, which may stand beside ``fields``.
STANDARD = (
    "name", "firstName", "lastName", "email", "phone", "companyName", "address", "city", "state",
    "country", "postalCode", "source", "type", "dateOfBirth", "website", "assignedTo",
)  # fmt: skip
#: Every name an event goes by -> what it is.
EVENTS = {
    name: event
    for event, names in {
        "reply": "reply customer_reply replied response message_received inbound_message sms_reply",
        "user_reply": "user_reply user_replied",
        "click": "click clicked link link_click link_clicked trigger_link email_click "
        "email_clicked",
        "open": "open opened email_open email_opened",
        "email": "email email_event bounce bounced email_bounced unsubscribed",
        "tag": "tag tag_added add_tag",
        "untag": "untag tag_removed remove_tag",
        "form": "form form_submission form_submitted",
        "survey": "survey survey_submission survey_submitted",
        "appointment": "appointment appointment_booked booked",
        "payment": "payment payment_received invoice_paid order",
        "call": "call call_answered",
        "webhook": "webhook",
    }.items()
    for name in names.split()
}
OUTCOMES = (
    "started", "sent", "held", "skipped", "filtered", "waited", "branched", "looped", "changed",
    "jumped", "goal_met", "goal_missed", "done",
)  # fmt: skip
#: A list that need not be given.
_SOME: dict[str, Any] = {"required": False, "max_length": 1000}
_SHORT = re.compile(r"(?:\d{1,9}(?:\.\d{1,6})?\s*[wdhms]\s*)+", re.IGNORECASE)
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([wdhms])", re.IGNORECASE)
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}


class ClosedSerializer(SentSerializer):
    """Refuses what it does not know: a misspelt fact would change the walk without a word."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            known = ", ".join(self.fields)
            raise serializers.ValidationError(
                {unknown[0][:80]: [f"There is no such field here; known are {known}."]},
                code="unknown",
            )
        return super().to_internal_value(data)


@extend_schema_field(
    {
        "oneOf": [{"type": "number", "minimum": 0}, {"type": "string"}],
        "description": "Since the start: seconds, an ISO 8601 duration (PT2H) or 2h, 90m, 1d12h.",
        "example": "2h",
    }
)
class AfterField(serializers.Field[Any, Any, Any, Any]):
    default_error_messages = {
        "invalid": "Give seconds, an ISO 8601 duration such as PT2H, or 2h, 90m, 1d12h.",
        "range": "Must be between now and ten years from the start.",
    }

    def to_internal_value(self, data: Any) -> datetime.timedelta:
        found = _length(data)
        if found is None:
            self.fail("invalid")
        if not datetime.timedelta() <= found <= LONGEST:
            self.fail("range")
        return found

    def to_representation(self, value: Any) -> Any:
        return value


def _length(data: Any) -> datetime.timedelta | None:
    try:
        if isinstance(data, (int, float)) and not isinstance(data, bool):
            return datetime.timedelta(seconds=data)
        if not isinstance(data, str) or len(data) > 60:
            return None
        word = data.strip()
        if _SHORT.fullmatch(word):
            seconds = sum(float(n) * _SECONDS[unit.lower()] for n, unit in _PART.findall(word))
            return datetime.timedelta(seconds=seconds)
        # Without a figure the library takes “PT” for no time at all.
        written = word[:1] in ("P", "-") and any(letter.isdigit() for letter in word)
        return parse_duration(word) if written else None
    except (ValueError, OverflowError):
        return None


class ZoneField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, **options)

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if name not in available_timezones():
            raise serializers.ValidationError(
                "There is no such time zone; write one like Europe/Berlin.", code="invalid"
            )
        return name


@extend_schema_field({"type": "object", "additionalProperties": {}})
class FactsField(serializers.DictField):
    """Names and values: texts, numbers, true or false, null, or lists of these."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        found = super().to_internal_value(data)
        for name, value in found.items():
            items = value if isinstance(value, list) else [value]
            if not all(item is None or isinstance(item, (str, int, float)) for item in items):
                raise serializers.ValidationError(
                    {name[:80]: ["Must be a text, a number, true, false, null or a list of these."]}
                )
        return found


class ContactSerializer(ClosedSerializer):
    """Who walks. A field that is not given is blank."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # As an attribute, `fields` would hide the serializer's own.
        text: dict[str, Any] = {"required": False, "max_length": 200}
        split = "Decides the way at a split, always the same."
        return {
            "id": serializers.CharField(help_text=split, **text),
            "tags": serializers.ListField(child=serializers.CharField(max_length=200), **_SOME),
            "fields": FactsField(required=False),
            "timezone": ZoneField(required=False),
            "appointment": serializers.DateTimeField(
                required=False, allow_null=True, help_text="When the visit is that waits refer to."
            ),
            "opportunity": FactsField(required=False, allow_null=True),
            "dnd": serializers.ListField(
                child=serializers.CharField(max_length=40),
                help_text="Channels the contact takes nothing on; `all` for every one.",
                **_SOME,
            ),
            **{name: serializers.CharField(allow_blank=True, **text) for name in STANDARD},
        }


class EventSerializer(ClosedSerializer):
    """Something that happens while the contact walks."""

    type = serializers.CharField(
        max_length=60, help_text=f"One of {', '.join(sorted(set(EVENTS.values())))}."
    )
    after = AfterField()
    value = serializers.CharField(
        required=False, max_length=200, help_text="The tag, for `tag` and `untag`."
    )

    def validate_type(self, name: str) -> str:
        event = EVENTS.get(name.strip().lower().replace("-", "_").replace(" ", "_"))
        if event is None:
            known = ", ".join(sorted(set(EVENTS.values())))
            raise serializers.ValidationError(f"There is no such event; use one of {known}.")
        return event


class SimulateSerializer(ClosedSerializer):
    """Either a definition or the id of a stored workflow, and who walks through it."""

    definition = DefinitionField(required=False)
    workflowId = serializers.UUIDField(required=False)
    platform = serializers.CharField(required=False, allow_null=True, max_length=40)
    contact = ContactSerializer(required=False)
    events = EventSerializer(many=True, required=False, max_length=200)  # type: ignore[call-arg]
    startAt = serializers.DateTimeField(required=False, help_text="Now, if not given.")
    maxSteps = serializers.IntegerField(min_value=1, max_value=MOST_STEPS, default=MAX_STEPS)
    timezone = ZoneField(required=False, help_text="The account's; UTC if not given.")
    triggerId = serializers.CharField(
        required=False, max_length=500, help_text="The trigger that starts the run; else the first."
    )

    def validate_startAt(self, start: datetime.datetime) -> datetime.datetime:  # noqa: N802
        """Far enough from the calendar's ends for events and time zones."""
        if not YEARS[0] <= start.year <= YEARS[1]:
            message = f"Give a time between the years {YEARS[0]} and {YEARS[1]}."
            raise serializers.ValidationError(message, code="range")
        return start

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("definition" in attrs) == ("workflowId" in attrs):
            raise serializers.ValidationError("Give either definition or workflowId.")
        return attrs


class WalkStepSerializer(serializers.Serializer[Any]):
    nodeId = serializers.CharField()
    name = serializers.CharField()
    at = serializers.DateTimeField(
        help_text="When the contact comes here; of a message, when it is sent."
    )
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    branch = serializers.CharField(
        allow_null=True, help_text="The way taken where there are several."
    )
    reason = serializers.CharField()


class WalkMessageSerializer(serializers.Serializer[Any]):
    channel = serializers.CharField()
    nodeId = serializers.CharField()
    at = serializers.DateTimeField()


class WalkEndSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=ENDS)
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class WalkSerializer(serializers.Serializer[Any]):
    steps = WalkStepSerializer(many=True)
    messages = WalkMessageSerializer(many=True)
    end = WalkEndSerializer()
