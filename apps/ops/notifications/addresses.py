"""Addresses of channels: which are taken, how one is shown without its secrets, how one is told.

Written as Apprise writes them (`slack://…`, `json://host/path`) or as a service hands them out
(`https://hooks.slack.com/…`). Only services named here are taken: Apprise itself would also read
local files, run programs and call any host. What goes to a host that the customer names leaves
through our own door, which looks at every address it connects to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.ops.errors import ApplicationError
from apps.ops.http import AddressRefusedError, Provider, Reach, refuse_address
from apps.ops.http import send as send_request

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

#: Apprise's scheme -> what people call the service. All call hosts of the service's own.
SERVICES = {
    "slack": "slack",
    "discord": "discord",
    "tgram": "telegram",
    "whatsapp": "whatsapp",
    "twilio": "sms",
    "vonage": "sms",
    "gchat": "google_chat",
    "workflow": "teams",
    "workflows": "teams",
}
#: Ours: a POST of `{version, title, message, attachments, type}`, as Apprise's `json://` has it.
WEBHOOKS = {"json": "http", "jsons": "https", "http": "http", "https": "https"}
TYPES = tuple(dict.fromkeys([*SERVICES.values(), "webhook", "email"]))
#: Options that only change how a message looks. Others name files, templates and certificates.
OPTIONS = frozenset(
    {
        "mode", "blocks", "footer", "image", "timestamp", "tts", "avatar", "thread", "topic",
        "format", "from", "to", "silent", "preview", "wrap", "id", "api-version", "sp", "sv",
        "sig", "threadkey",
    }
)  # fmt: skip
#: Where Microsoft runs workflows that Teams posts come in by.
TEAMS_HOSTS = (".logic.azure.com", ".powerplatform.com", ".webhook.office.com")
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Address:
    """A channel's address that has been looked at."""

    type: str
    url: str
    masked: str


def read(url: str) -> Address:
    """Raises `validation_error` with what is wrong, never repeating the address itself."""
    url = url.strip()
    scheme = url.partition(":")[0].lower()
    if len(url) > LONGEST or re.search(r"[\x00-\x20\x7f]", url):
        raise _wrong("This is no address: it is too long or has blanks in it.")
    if scheme == "mailto":
        return _email(url)
    if scheme not in SERVICES and scheme not in WEBHOOKS:
        known = ", ".join(f"{each}://" for each in (*SERVICES, "json", "jsons", "https", "mailto"))
        raise _wrong(f"Channels of this kind are not supported; use {known}.")
    _check_options(url)
    found = None if scheme in ("json", "jsons") else _instantiate(url, native=scheme in WEBHOOKS)
    if found is not None:
        return _service(url, found)
    if scheme not in WEBHOOKS:
        raise _wrong(f"This is no complete address of {SERVICES[scheme]}.")
    return _webhook(url, scheme)


def _wrong(message: str) -> ApplicationError:
    details = [{"field": "url", "code": "invalid", "message": message}]
    return ApplicationError("validation_error", message, details=details)


def _check_options(url: str) -> None:
    if url.partition(":")[0].lower() in WEBHOOKS:
        return  # the receiver's own affair
    # From the first question mark on, also behind a # that is part of a channel's name.
    given = parse_qsl(url.partition("?")[2], keep_blank_values=True)
    names = {name.lower() for name, _ in given}
    if strange := sorted(names - OPTIONS):
        raise _wrong(f"The option {strange[0][:40]!r} cannot be used.")


def _email(url: str) -> Address:
    to = url.partition(":")[2].lstrip("/")
    try:
        validate_email(to)
    except ValidationError:
        raise _wrong("Write mailto: and one e-mail address.") from None
    return Address("email", f"mailto:{to.lower()}", f"mailto:{to.lower()}")


def _webhook(url: str, scheme: str) -> Address:
    whole = WEBHOOKS[scheme] + url[len(scheme) :]
    try:
        parts = urlsplit(whole)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise _wrong("This web hook's address names no host.")
    try:
        refuse_address(whole, reach())
    except AddressRefusedError:
        raise _wrong("Web hooks may not lead to private addresses.") from None
    return Address("webhook", whole, f"{parts.scheme}://{host}/…")


def reach() -> Reach:
    return Reach.PRIVATE if settings.ENVIRONMENT.allow_private_addresses else Reach.PUBLIC


def _instantiate(url: str, *, native: bool) -> NotifyBase | None:
    """Apprise's own reading, which costs 30 MB and half a second the first time."""
    from apprise import Apprise

    if native and not _may_be_native(url):
        return None
    found = Apprise.instantiate(url, suppress_exceptions=True)
    if found is None:
        return None
    schemes = {str(each) for name in ("protocol", "secure_protocol") for each in _each(found, name)}
    if not schemes & set(SERVICES):
        return None
    if getattr(found, "template", None):
        raise _wrong("Templates cannot be used.")
    host = getattr(found, "host", None)
    if schemes & {"workflow", "workflows"} and not str(host).lower().endswith(TEAMS_HOSTS):
        raise _wrong("This is no address of a Teams workflow at Microsoft.")
    return found


def _may_be_native(url: str) -> bool:
    """Addresses as Slack and the others hand them out; any other is a web hook."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    hosts = ("slack.com", "discord.com", "discordapp.com", "chat.googleapis.com", *TEAMS_HOSTS)
    return host.endswith(hosts)


def _each(found: NotifyBase, name: str) -> tuple[str, ...]:
    value = getattr(found, name, None) or ()
    return (value,) if isinstance(value, str) else tuple(value)


def _service(url: str, found: NotifyBase) -> Address:
    schemes = [each for name in ("protocol", "secure_protocol") for each in _each(found, name)]
    scheme = next(each for each in schemes if each in SERVICES)
    return Address(SERVICES[scheme], url, _shown(found))


def _shown(found: NotifyBase) -> str:
    shown: str = found.url(privacy=True)  # type: ignore[no-untyped-call]
    return shown.partition("?")[0][:300]


def tell(address: Address, *, title: str, body: str) -> None:
    """Sends one message. Raises `ApplicationError` when it was not taken."""
    if address.type == "webhook":
        _post(address, title, body)
        return
    from apprise import Apprise

    found = Apprise.instantiate(address.url, suppress_exceptions=True)
    if found is None:
        raise ApplicationError("validation_error", "The channel's address is no longer understood.")
    found.redirects, found.verify_certificate = False, True
    if not found.notify(title=title, body=body):
        message = f"The {address.type} channel took no message; check its address."
        raise ApplicationError("upstream_unavailable", message)


def _post(address: Address, title: str, body: str) -> None:
    provider = Provider(
        f"channel:{urlsplit(address.url).hostname}", "The web hook", reach=reach(), attempts=1
    )
    content = {
        "version": "1.0", "title": title, "message": body, "attachments": [], "type": "info",
    }  # fmt: skip
    send_request(provider, "POST", address.url, json=content, deadline=15)
