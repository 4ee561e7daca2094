"""A local server that plays a deployed service, over http or https with a certificate of ours."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

GOOD_HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "X-Request-ID": "d89ff212-0000-4000-8000-000000000000",
    "Strict-Transport-Security": "max-age=31536000",
}
NOT_FOUND = {"success": False, "error": {"code": "not_found"}}


@dataclass
class Answer:
    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    date: str = ""


@dataclass
class Played:
    """What the service answers by path, and where it listens."""

    answers: dict[str, Answer]
    url: str = ""


def sound_service() -> dict[str, Answer]:
    return {
        "/live": Answer(body={"status": "alive"}),
        "/ready": Answer(body={"status": "healthy"}),
        "/health/detailed": Answer(body={"status": "healthy", "checks": {}}),
        "/api/docs": Answer(headers=dict(GOOD_HEADERS)),
        "/api/rules": Answer(),
        "/admin/login/": Answer(headers={"Set-Cookie": "csrftoken=1; Secure; SameSite=Lax"}),
    }


@contextmanager
def playing(answers: dict[str, Answer], tls: ssl.SSLContext | None = None) -> Iterator[Played]:
    played = Played(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = played.answers.get(self.path) or Answer(404, NOT_FOUND)
            body = json.dumps(answer.body).encode()
            self.send_response_only(answer.status)
            self.send_header("Date", answer.date or self.date_time_string())
            self.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # A refused handshake is the client's business here.
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    if tls:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    played.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path, *, days: int, address: str = "127.0.0.1") -> ssl.SSLContext:
    """A self-signed certificate as `folder/ca.pem`, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=400))
        .not_valid_after(now + datetime.timedelta(days=days, minutes=5))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "ca.pem").write_bytes(pem)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "server.pem").write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context
