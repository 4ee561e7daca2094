"""A sign-in with HighLevel, step by step, as a browser does it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit


def start(browser) -> str:
    """Begin a sign-in; returns the state that HighLevel is sent."""
    answer = browser.get("/auth/login")
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)["state"][0]


def come_back(browser, state, code, **query):
    return browser.get("/auth/callback", {"state": state, "code": code, **query})


def sign_in(browser, highlevel, **installation):
    return come_back(browser, start(browser), highlevel.agree(**installation))


def status(browser) -> dict[str, Any]:
    return browser.get("/auth/status").json()["data"]


def refused(answer, code="validation_error", status=400) -> None:
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def exchanges(highlevel) -> int:
    return len(highlevel.calls("/oauth/token"))
