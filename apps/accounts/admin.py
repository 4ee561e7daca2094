"""People, accounts and tokens for staff; a token's digest is shown nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest

from apps.accounts import staff as _staff  # noqa: F401 - declares cards and searches
from apps.accounts.connections import connection_refresh
from apps.accounts.models import Account, ApiToken, Connection, Membership, User
from apps.ops.staff.actions import with_reason
from apps.ops.staff.ledger import AuditedAdmin
from apps.ops.staff.two_factor import second_factor_reset


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]
    """Django's form asks for a username, which nobody here has."""

    class Meta:
        model = User
        fields = ("email",)


@admin.register(User)
class UserAdmin(AuditedAdmin, BaseUserAdmin):  # type: ignore[type-arg]
    add_form = NewUserForm
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "name")
    readonly_fields = ("created_at", "last_login")
    actions = (
        with_reason(
            "Reset the second factor",
            name="two-factor-reset",
            permission="accounts.change_user",
            act=lambda user: second_factor_reset(user=user),
        ),
    )
    filter_horizontal = ()
    # Not even the hash of a password: it is changed on its own page.
    fieldsets = (
        (None, {"fields": ("email", "name", "is_active", "created_at", "last_login")}),
        ("Rights in this admin", {"fields": ("is_staff", "is_superuser")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    autocomplete_fields = ("user",)
    extra = 0


ACCOUNT_ACTIONS: list[Callable[..., Any]] = []


@admin.register(Account)
class AccountAdmin(AuditedAdmin):
    #: Apps above add what they can do for an account.
    actions = ACCOUNT_ACTIONS
    list_display = ("name", "location_id", "created_at")
    search_fields = ("name", "location_id")
    readonly_fields = ("created_at",)
    inlines = (MembershipInline,)


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    list_display = ("user", "account", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "account")
    search_fields = ("user__email", "account__name")
    autocomplete_fields = ("user", "account")
    readonly_fields = ("created_at",)


@admin.register(ApiToken)
class ApiTokenAdmin(AuditedAdmin):
    """Tokens may be looked at and revoked; a new one would show its plain text to staff."""

    fields = ("name", "membership", "scopes", "created_at", "expires_at", "last_used_at")
    readonly_fields = fields
    list_display = ("name", "membership", "created_at", "expires_at", "last_used_at")
    list_select_related = ("membership__user", "membership__account")
    search_fields = ("name", "membership__user__email")
    actions = (
        with_reason(
            "Revoke",
            name="token-revoke",
            permission="accounts.delete_apitoken",
            act=lambda token: token.delete(),
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Connection)
class ConnectionAdmin(AuditedAdmin):
    """Looked at only; its tokens, even sealed, are not among the fields."""

    fields = (
        "account", "provider", "state", "user_type", "company_id", "location_id", "base_url",
        "scopes", "expires_at", "granted_at", "refreshed_at", "synced_at",
        "last_error", "failed_at", "created_at",
    )  # fmt: skip
    readonly_fields = fields
    list_display = ("account", "provider", "state", "expires_at", "last_error")
    list_filter = ("provider", "state")
    list_select_related = ("account",)
    search_fields = ("account__name", "location_id", "company_id", "base_url")
    actions = (
        with_reason(
            "Renew the tokens",
            name="connection-renew",
            permission="accounts.change_connection",
            act=lambda connection: connection_refresh(connection.pk),
            atomic=False,
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
