"""A local HTTP server for a player of some provider, with faults that can be switched on."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What the player was sent."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def form(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}

    def json(self) -> Any:
        return json.loads(self.body or b"{}")


@dataclass
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: slow: answers after `seconds`; drip: byte by byte; truncated: half of the body; closed: none
    fault: str = ""
    seconds: float = 0


class Player:
    """Records every request; `faults` are used up first, one each, then `answer` is asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: list[Reply] = []
        self.always: Reply | None = None
        self.lock = threading.Lock()
        self.url = ""

    def answer(self, request: Request) -> Reply:
        return Reply(404, {"statusCode": 404, "message": "Not Found"})

    def reply(self, request: Request) -> Reply:
        with self.lock:
            self.requests.append(request)
            fault = self.faults.pop(0) if self.faults else self.always
        if fault is None or fault.fault in ("slow", "truncated", "drip"):
            found = self.answer(request)
            if fault is not None:
                found.fault, found.seconds = fault.fault, fault.seconds
            return found
        return fault

    def paths(self) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.requests]


def _handler(player: Player) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One packet per answer: two would wait for each other.
        wbufsize = -1

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:
                self.close_connection = True

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            headers = cast("Mapping[str, str]", self.headers)
            body = self.rfile.read(length)
            _write(self, player.reply(Request(self.command, parts.path, query, headers, body)))

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Silent."""

    return Handler


def _write(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    if reply.fault == "closed":
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)
        return
    if reply.fault == "slow":
        time.sleep(reply.seconds)
    is_raw = isinstance(reply.body, bytes)
    content = reply.body if is_raw else json.dumps(reply.body).encode()
    handler.send_response(reply.status)
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    for name, value in {**headers, **reply.headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    if reply.fault == "truncated":
        content = content[: len(content) // 2]
        handler.close_connection = True
    if reply.fault == "drip":
        for byte in content:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(reply.seconds)
        return
    handler.wfile.write(content)


def serve(player: Player, port: int = 0) -> ThreadingHTTPServer:
    """Start the player on a loopback address; it ends with the process, or by `shutdown`."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(player))
    server.daemon_threads = True
    # Who hangs up on us is what many of these tests are about.
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    player.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


@contextmanager
def serving(player: Player, port: int = 0) -> Iterator[str]:
    """The player's address, for as long as the block runs."""
    server = serve(player, port)
    try:
        yield player.url
    finally:
        server.shutdown()
        server.server_close()
