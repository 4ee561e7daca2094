"""Tokens of HighLevel are sent to HighLevel."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped, warned

SEVERITY = Severity.HIGH
KNOWN = ("gohighlevel.com", "leadconnectorhq.com")


def check(target: Target) -> Verdict:
    environment = settings.ENVIRONMENT
    if not environment.highlevel_client_id:
        return skipped("HIGHLEVEL_CLIENT_ID is empty: HighLevel cannot be connected.")
    addresses = {
        "HIGHLEVEL_AUTHORIZE_URL": urlsplit(environment.highlevel_authorize_url),
        "HIGHLEVEL_API_BASE_URL": urlsplit(environment.highlevel_api_base_url),
    }
    plain = [name for name, address in addresses.items() if address.scheme != "https"]
    if plain:
        return failed(f"Not https: {', '.join(plain)}.", "Unset it for HighLevel's own address.")
    other = [
        name
        for name, address in addresses.items()
        if not any(f".{address.hostname}".endswith(f".{host}") for host in KNOWN)
    ]
    # A white-label domain for the page where people agree is usual; for the API it is not.
    if "HIGHLEVEL_API_BASE_URL" in other:
        return warned("HIGHLEVEL_API_BASE_URL is not HighLevel's.", "Unset it.")
    return passed("HighLevel's own address is called.")
