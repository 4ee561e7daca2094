"""EMAIL_URL: SMTP in the addresses that Django knows, mail services by their name and key."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ

#: Scheme: the settings that take its user, its password and its host, where it has them.
SERVICES: dict[str, tuple[str, str, str]] = {
    "brevo": ("API_KEY", "", ""),
    "mailersend": ("API_TOKEN", "", ""),
    "mailgun": ("API_KEY", "", "SENDER_DOMAIN"),
    "mailjet": ("API_KEY", "SECRET_KEY", ""),
    "postmark": ("SERVER_TOKEN", "", ""),
    "resend": ("API_KEY", "", ""),
    "sparkpost": ("API_KEY", "", ""),
}
TIMEOUT = 10
FIX = (
    "write smtp+tls://user:password@host:587, consolemail://, or a mail service's name and key, "
    f"such as postmark://token@ ({', '.join(SERVICES)})"
)


def email(value: str) -> dict[str, Any]:
    """The Django settings behind an address. Raises `ValueError` with how to write one."""
    try:
        scheme = urlsplit(value).scheme
        if scheme in SERVICES:
            return _service(value, scheme)
        return dict(environ.Env.email_url_config(value))
    except (ValueError, environ.ImproperlyConfigured):
        raise ValueError(FIX) from None


def _service(value: str, scheme: str) -> dict[str, Any]:
    parts = urlsplit(value)
    given = (parts.username, parts.password, parts.hostname)
    options: dict[str, Any] = {"REQUESTS_TIMEOUT": TIMEOUT}
    for name, part in zip(SERVICES[scheme], given, strict=True):
        if name and not part:
            raise ValueError(FIX)
        if name:
            options[f"{scheme.upper()}_{name}"] = unquote(part or "")
    # What else the service can be told, such as another API_URL; WEBHOOK_SECRET is user:password.
    for name, text in parse_qsl(parts.query):
        plain = name.upper()
        options[plain if plain == "WEBHOOK_SECRET" else f"{scheme.upper()}_{plain}"] = text
    return {"EMAIL_BACKEND": f"anymail.backends.{scheme}.EmailBackend", "ANYMAIL": options}
