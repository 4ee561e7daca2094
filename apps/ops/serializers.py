"""What callers send, checked: the base of every body and query, with errors in words of JSON."""

from collections.abc import Mapping
from typing import Any, NoReturn

from rest_framework import serializers

from apps.ops.errors import ApplicationError

_NO_OBJECT = "Must be a JSON object."


class SentSerializer(serializers.Serializer[Any]):
    """The library would speak of dictionaries, and of no data where there is a null."""

    default_error_messages = {"invalid": _NO_OBJECT}

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The checked values. Raises for whatever is wrong, with the place of each fault."""
        if not isinstance(data, Mapping):
            message = "The body must be a JSON object."
            detail = {"field": "", "code": "invalid", "message": message}
            raise ApplicationError("validation_error", message, details=[detail])
        sent = cls(data=data)
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)


class OneOfField(serializers.ChoiceField):
    """A choice whose refusal names what there is to choose from."""

    def fail(self, key: str, **values: Any) -> NoReturn:
        if key == "invalid_choice":
            known = ", ".join(str(choice) for choice in self.choices)
            message = f"“{str(values['input'])[:40]}” is none of {known}."
            raise serializers.ValidationError(message, code=key)
        super().fail(key, **values)
