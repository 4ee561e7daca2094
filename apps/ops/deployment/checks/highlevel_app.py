"""Agencies can connect their HighLevel account."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, skipped

SEVERITY = Severity.HIGH
CALLBACK = "/auth/callback"


def check(target: Target) -> Verdict:
    environment = settings.ENVIRONMENT
    if not environment.highlevel_client_id:
        return skipped("HIGHLEVEL_CLIENT_ID is empty: HighLevel cannot be connected.")
    if not environment.highlevel_client_secret:
        return failed("HIGHLEVEL_CLIENT_SECRET is empty.", "Copy it from the marketplace app.")
    address = urlsplit(environment.highlevel_redirect_uri)
    remedy = f"Set it to https://<this service>{CALLBACK}, here and in the marketplace app."
    if address.scheme != "https" or address.path != CALLBACK:
        return failed(f"HIGHLEVEL_REDIRECT_URI is not an https address of {CALLBACK}.", remedy)
    if target.url and address.netloc != urlsplit(target.url).netloc:
        return failed("HIGHLEVEL_REDIRECT_URI leads to another host than this one.", remedy)
    return passed("The marketplace app is configured.")
