"""What callers say that needs a look into the core before it can be used."""

from __future__ import annotations

from apps.ops.errors import ApplicationError
from apps.workflows.platforms import REGISTRY, platform_id


def require_platform(name: str | None) -> str | None:
    """The platform's id. Raises ``validation_error`` for a name that is none."""
    if name is None:
        return None
    found = platform_id(name)
    if found is None:
        known = ", ".join(REGISTRY)
        raise invalid("platform", "unknown", f"{name[:40]!r} is no platform; use {known}.")
    return found


def invalid(field: str, code: str, message: str) -> ApplicationError:
    """A ``validation_error`` about one field."""
    details = [{"field": field, "code": code, "message": message}]
    return ApplicationError("validation_error", f"{field}: {message}", details=details)
