"""Pages for people: which requests want one, how one is answered, and failures as pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from apps.ops import context, errors

#: Where programs call: failures there are the envelope, whatever the caller accepts.
FOR_PROGRAMS = frozenset(
    {"api", "auth", "test", "webhooks", "live", "ready", "health", "metrics", "static"}
)
#: But where a browser is sent on its way to HighLevel and back.
FOR_PEOPLE = frozenset({"/auth/login", "/auth/callback"})
#: What a person is told where the envelope's words are meant for a program.
WORDS: Mapping[str, tuple[str, str]] = {
    "not_found": (
        "Nothing is here",
        "The address is wrong, what was here is gone, or it belongs to another account.",
    ),
    "csrf_failed": (
        "This form has expired",
        "Go back, reload the page and send the form again. Cookies must be allowed.",
    ),
    "permission_denied": (
        "You may not do this",
        "Your role in this account is to look. An owner can change it.",
    ),
    "method_not_allowed": ("That is no way to call this page", "Open it from the start page."),
    "payload_too_large": (
        "That is too large",
        "At most 10 MB can be sent. Split the export into several files.",
    ),
    "rate_limited": ("Slow down a little", "There were too many requests; wait and try again."),
    "internal_error": (
        "Something went wrong on our side",
        "It has been written down. Try again; if it stays, tell us the request id below.",
    ),
    "database_unavailable": ("We are not reachable", "Nothing is lost. Try again in a moment."),
    "timeout": ("That took too long", "Try again in a moment."),
    "plan_limit": ("Your plan does not include this", ""),
}


class PageResponse(HttpResponse):
    """A finished page; one with a status of 400 or more says itself what is wrong."""


def wants_page(request: HttpRequest) -> bool:
    """Whether the caller is a browser at an address made for people.

    ``*/*`` (curl, most programs) does not name HTML, so that programs get the envelope.
    """
    if request.path.split("/", 2)[1] in FOR_PROGRAMS and request.path not in FOR_PEOPLE:
        return False
    return request.get_preferred_type(["application/json", "text/html"]) == "text/html"


def failure_words(error: errors.ApplicationError) -> dict[str, Any]:
    """What a page shows of a failure: words for a person, and the request's id."""
    title, words = WORDS.get(error.code, ("That did not work", ""))
    plain = error.message == errors.MESSAGES.get(error.code)
    return {
        "title": title,
        "message": words if plain and words else errors.body(error)["error"]["message"],
        "status": error.status,
        "request_id": context.request_id.get(),
        "plan_limit": error.code == "plan_limit",
    }


def failure_page(error: errors.ApplicationError) -> PageResponse:
    """A failure for a person; needs neither database nor session, which may be what failed."""
    page = render_to_string("error.html", failure_words(error))
    return PageResponse(page, status=error.status, headers=error.headers)
