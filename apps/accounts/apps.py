"""How Django knows the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.accounts import events, tasks  # noqa: F401
        from apps.accounts.authentication import signed_in_user
        from apps.ops import encryption, ratelimits

        ratelimits.identify_by(signed_in_user)
        encryption.register_columns("accounts.Connection", "sealed_token", "sealed_refresh_token")
