"""Many requests at a running service, and what came back."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What one request got: a status, or 0 when the connection broke."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    address: str,
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=40)
    sent = None if body is None else json.dumps(body)
    more = {} if body is None else {"Content-Type": "application/json"}
    try:
        connection.request(method, path, sent, {**more, **(headers or {})})
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read(), time.monotonic())
    except (OSError, http.client.HTTPException):
        return Answer(0, {}, b"", time.monotonic())
    finally:
        connection.close()


def ask_many(send: Callable[[int], Answer], times: int, at_once: int = 8) -> list[Answer]:
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(send, range(times)))


def statuses(answers: list[Answer]) -> dict[int, int]:
    return dict(Counter(answer.status for answer in answers))


class Flow:
    """Requests that go on in the background until `stop`; keeps every answer."""

    def __init__(self, send: Callable[[int], Answer], at_once: int = 6) -> None:
        self.answers: list[Answer] = []
        self._send, self._stop = send, threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(at_once)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> list[Answer]:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return self.answers

    def _run(self) -> None:
        while not self._stop.is_set():
            self.answers.append(self._send(len(self.answers)))
