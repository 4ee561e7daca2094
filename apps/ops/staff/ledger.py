"""Rows that staff read, and change only through services."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from apps.ops.audit import audit_record


class StaffAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows may be filtered by what the page offers alone.

    By any other field, letter by letter, an address would tell what is shown nowhere.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        offered = {str(each) for each in self.get_list_filter(request)}
        offered |= {self.date_hierarchy} if self.date_hierarchy else set()
        is_offered = lookup.partition("__")[0] in offered
        return is_offered and "\x00" not in str(value)


class Ledger(StaffAdmin):
    """Nobody writes history by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class AuditedAdmin(StaffAdmin):
    """What staff do by a form stands in the trail, in the transaction of the form."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._audit(request, obj, "add")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        # Names of fields, never their values: a password's form comes this way too.
        self._audit(request, obj, "change", self.audit_reason(obj, changed_fields(message)))
        return super().log_change(request, obj, message)

    def audit_reason(self, obj: Any, fields: str) -> str:
        """What the trail says of a change; a row that holds a reason may say more."""
        return fields

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            self._audit(request, row, "delete")
        return super().log_deletions(request, queryset)

    def _audit(self, request: HttpRequest, row: Model, action: str, reason: str = "") -> None:
        audit_record(actor=cast(Model, request.user), action=action, target=row, reason=reason)


def changed_fields(message: Any) -> str:
    """Of Django's description of a change, the fields it names."""
    if not isinstance(message, list):
        return str(message)
    fields = [
        field
        for part in message
        for field in part.get("changed", {}).get("fields", [])
        if isinstance(part, dict)
    ]
    return ", ".join(fields)
