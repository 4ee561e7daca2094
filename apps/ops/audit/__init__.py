"""Who on the staff did what, to what, and why; written with the change itself, never changed."""

from apps.ops.audit.services import audit_record

__all__ = ["audit_record"]
