"""An eye on pages: errors in the console, requests to other hosts, barriers, weight."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, Response

AXE = Path(__file__).parent / "vendor/axe.min.js"
#: Bytes of a page with its styles, scripts and pictures, as they lie on disk.
HEAVIEST = 300_000


@dataclass
class Watch:
    """``expected`` are statuses a test provokes: the browser notes each as an error."""

    troubles: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    weights: dict[str, int] = field(default_factory=dict)

    def look_at(self, page: Page, host: str) -> None:
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("request", lambda request: self._asked(request, host))
        page.on("response", lambda response: self._answered(page, response))

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(
            f"status of {status} " in text for status in self.expected
        ):
            self.troubles.append(f"console: {text}")

    def _asked(self, request: Request, host: str) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https") and url.netloc not in {host, *self.elsewhere}:
            self.troubles.append(f"request to another host: {request.url}")

    def _answered(self, page: Page, response: Response) -> None:
        length = response.headers.get("content-length", "0")
        self.weights[response.url] = int(length)


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def barriers(page: Page) -> list[str]:
    """What axe finds wrong with a page, one line per rule and place."""
    # Between two pages there is an empty one.
    page.locator("main").first.wait_for()
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:150]} {node.get('failureSummary', '')[:200]}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]


def weight(page: Page) -> int:
    """Bytes of everything the page loaded, uncompressed."""
    sizes = page.evaluate(
        "() => [...performance.getEntriesByType('navigation'),"
        " ...performance.getEntriesByType('resource')].map((entry) => entry.decodedBodySize)"
    )
    return int(sum(sizes))
