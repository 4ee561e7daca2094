"""The service answers to its own names alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.HIGH
LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def check(target: Target) -> Verdict:
    hosts = list(settings.ALLOWED_HOSTS)
    if "*" in hosts:
        return failed(
            "ALLOWED_HOSTS takes any Host header, which poisons links and caches.",
            "List the names of this service in ALLOWED_HOSTS.",
        )
    reached = urlsplit(target.url).hostname if target.url else None
    if reached and not validate_host(reached, hosts):
        return failed(
            f"{reached} is not in ALLOWED_HOSTS: its requests get 400.",
            f"Add {reached} to ALLOWED_HOSTS.",
        )
    if not reached and set(hosts) <= LOCAL:
        return failed(
            "ALLOWED_HOSTS has only names of this machine.", "Add the public name of the service."
        )
    wide = [host for host in hosts if host.startswith(".")]
    if wide:
        return warned(
            f"ALLOWED_HOSTS takes every name below {', '.join(wide)}.", "Name each host in full."
        )
    return passed(f"{len(hosts)} host names are listed, none with a wildcard.")
