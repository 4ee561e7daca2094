"""The service as its visitors reach it, when an address was given."""

from __future__ import annotations

import socket
import ssl
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import requests

from apps.ops.deployment.verdict import Skipped

#: Connect and read, in seconds.
TIMEOUT = (5, 10)
NO_ADDRESS = "Only with --url, the address people use."


class Target:
    """Answers come from the address itself, once each; nothing is followed to another host."""

    def __init__(self, url: str = "") -> None:
        self.url = url.rstrip("/")
        self._answers: dict[Any, requests.Response] = {}

    @cached_property
    def _session(self) -> requests.Session:
        session = requests.Session()
        session.headers["User-Agent"] = "workflow-debugger check_deployment"
        return session

    def get(self, path: str, **headers: str) -> requests.Response:
        """Raises Skipped without an address, and when the address does not answer."""
        try:
            return self.ask(path, **headers)
        except requests.RequestException as wrong:
            raise Skipped(f"{self.url} does not answer ({type(wrong).__name__}).") from wrong

    def ask(self, path: str, **headers: str) -> requests.Response:
        """As `get`, but a failure to connect is the caller's to judge."""
        if not self.url:
            raise Skipped(NO_ADDRESS)
        key = (path, *sorted(headers.items()))
        if key not in self._answers:
            self._answers[key] = self.ask_anew(f"{self.url}{path}", **headers)
        return self._answers[key]

    def ask_anew(self, url: str, **headers: str) -> requests.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._session.get(url, headers=sent, timeout=TIMEOUT, allow_redirects=False)

    def certificate(self) -> tuple[dict[str, Any], str]:
        """The verified certificate and the TLS version; raises ssl.SSLError or OSError."""
        parts = urlsplit(self.url)
        if not self.url:
            raise Skipped(NO_ADDRESS)
        if parts.scheme != "https" or not parts.hostname:
            raise Skipped("The address given is not https.")
        context = ssl.create_default_context()
        verify = self._session.merge_environment_settings(self.url, {}, None, None, None)["verify"]
        if isinstance(verify, str):
            context.load_verify_locations(verify)
        with (
            socket.create_connection((parts.hostname, parts.port or 443), TIMEOUT[0]) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as wrapped,
        ):
            return dict(wrapped.getpeercert() or {}), wrapped.version() or ""
