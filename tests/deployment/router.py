"""What stands before the service on a platform: ends TLS, says who came and how, passes on."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def routing(tls: ssl.SSLContext, *, to: int, port: int) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            behind = http.client.HTTPConnection("127.0.0.1", to, timeout=30)
            sent = {name: value for name, value in self.headers.items() if name != "Connection"}
            sent |= {"X-Forwarded-For": self.client_address[0], "X-Forwarded-Proto": "https"}
            behind.request("GET", self.path, headers=sent)
            answer = behind.getresponse()
            body = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name not in {"Connection", "Content-Length", "Transfer-Encoding"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            behind.close()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
