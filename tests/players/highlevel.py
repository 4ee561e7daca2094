"""Plays HighLevel: its authorisation page, its token endpoint and the API behind it.

Answers are shaped as documented; what a test changes are the public attributes.
"""

from __future__ import annotations

import html
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.players.server import Player, Reply, Request

LOCATION, COMPANY, USER = "ve9EPM428h8vShlRW1KT", "5DP4iH6HLkQsiKESj6rh", "AB1CDEF2GHIJKLMNOPQRS"
SCOPES = "workflows.readonly locations.readonly users.readonly oauth.write oauth.readonly"
INVALID_GRANT = "Invalid grant: refresh token is invalid"
GRACE_SECONDS = 30


@dataclass
class Installation:
    """Whose tokens a code becomes."""

    user_type: str = "Location"
    location_id: str = LOCATION
    company_id: str = COMPANY
    user_id: str = USER
    is_bulk: bool = False
    scope: str = SCOPES


@dataclass
class Spent:
    at: float
    body: dict[str, Any]


@dataclass
class Tokens:
    access: dict[str, Installation] = field(default_factory=dict)
    refresh: dict[str, Installation] = field(default_factory=dict)
    spent: dict[str, Spent] = field(default_factory=dict)
    codes: dict[str, Installation] = field(default_factory=dict)


class HighLevel(Player):
    def __init__(self) -> None:
        super().__init__()
        self.tokens = Tokens()
        self.installed: dict[str, str] = {LOCATION: "Sunrise Dental"}
        self.user = {"id": USER, "name": "Ada Byron", "email": "ada@example.org"}
        self.workflows: list[dict[str, Any]] = []
        self.definitions: dict[str, Any] = {}
        self.lists: dict[str, Any] = {}
        self.may_reconnect = True
        self.expires_in: Any = 86_399
        self.grace = GRACE_SECONDS
        self.answers: dict[str, Reply] = {}
        self.form_pages: Iterator[list[Any]] = iter(())

    # -- what tests do ----------------------------------------------------------------------------

    def agree(self, **installation: Any) -> str:
        """Someone agreed on the authorisation page; returns the code."""
        code = secrets.token_hex(8)
        self.tokens.codes[code] = Installation(**installation)
        return code

    def expire_access_tokens(self) -> None:
        self.tokens.access.clear()

    def calls(self, path: str) -> list[Request]:
        return [each for each in self.requests if each.path == path]

    # -- what it answers --------------------------------------------------------------------------

    def answer(self, request: Request) -> Reply:
        routes = {
            "/v2/oauth/chooselocation": self._choose,
            "/oauth/token": self._token,
            "/oauth/reconnect": self._reconnect,
        }
        if request.path in self.answers:
            return self.answers[request.path]
        if request.path in routes:
            return routes[request.path](request)
        owner = self._authorised(request)
        if owner is None:
            return error(401, "Invalid token: access token is invalid", "Unauthorized")
        if "Version" not in request.headers:
            return error(400, "version header was not found.")
        return self._limited(self._api(request, owner))

    def _limited(self, reply: Reply) -> Reply:
        reply.headers = {
            "X-RateLimit-Limit-Daily": "200000",
            "X-RateLimit-Daily-Remaining": "199999",
            "X-RateLimit-Interval-Milliseconds": "10000",
            "X-RateLimit-Max": "100",
            "X-RateLimit-Remaining": "99",
            **reply.headers,
        }
        return reply

    def _authorised(self, request: Request) -> Installation | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return self.tokens.access.get(token) if kind == "Bearer" else None

    def _choose(self, request: Request) -> Reply:
        query = {"code": self.agree(), "state": request.query.get("state", "")}
        target = f"{request.query['redirect_uri']}?{urlencode(query)}"
        page = (
            '<html lang="en"><title>HighLevel</title><link rel="icon" href="data:,">'
            f'<h1>Choose a location</h1><a href="{html.escape(target)}">Agree</a>'
        )
        return Reply(200, page.encode(), {"Content-Type": "text/html"})

    def _token(self, request: Request) -> Reply:
        form = request.form
        if (form.get("client_id"), form.get("client_secret")) != ("app-1", "the-app-secret"):
            return error(401, "Invalid client credentials")
        if form.get("grant_type") == "authorization_code":
            found = self.tokens.codes.pop(form.get("code", ""), None)
            return Reply(200, self.grant(found)) if found else error(400, "Invalid grant: code")
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(form.get("refresh_token", ""))
        return error(400, "Invalid parameter: grantType")

    def _refreshed(self, token: str) -> Reply:
        with self.lock:
            spent = self.tokens.spent.get(token)
            if spent and time.monotonic() - spent.at < self.grace:
                return Reply(200, spent.body)
            found = self.tokens.refresh.pop(token, None)
            if found is None:
                return error(400, INVALID_GRANT)
            body = self.grant(found)
            self.tokens.spent[token] = Spent(time.monotonic(), body)
            return Reply(200, body)

    def _reconnect(self, request: Request) -> Reply:
        sent = request.json()
        if not self.may_reconnect or sent.get("clientSecret") != "the-app-secret":
            return error(400, "Location is not active")
        if "companyId" in sent:
            code = self.agree(user_type="Company", company_id=sent["companyId"], location_id="")
        else:
            code = self.agree(location_id=sent["locationId"])
        return Reply(200, {"authorizationCode": code, "expiresAt": "soon", "traceId": "t"})

    def grant(self, whom: Installation, *, refresh: bool = True) -> dict[str, Any]:
        access, renew = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
        self.tokens.access[access] = whom
        body = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            "scope": whom.scope,
            "userType": whom.user_type,
            "companyId": whom.company_id,
            "userId": whom.user_id,
        }
        if whom.user_type == "Location":
            body["locationId"] = whom.location_id
        else:
            body |= {"isBulkInstallation": whom.is_bulk, "approvedLocations": []}
        if refresh:
            self.tokens.refresh[renew] = whom
            body["refresh_token"] = renew
        return body

    def _api(self, request: Request, owner: Installation) -> Reply:
        head, _, rest = request.path.strip("/").partition("/")
        found = getattr(self, f"_get_{head}", None)
        if found is None:
            return error(404, "Not Found")
        reply: Reply = found(request, owner, rest)
        return reply

    def _get_oauth(self, request: Request, owner: Installation, rest: str) -> Reply:
        if rest == "locationToken":
            wanted = request.form.get("locationId", "")
            if owner.user_type != "Company" or wanted not in self.installed:
                return error(400, "Location is not active")
            whom = Installation("Location", wanted, owner.company_id)
            return Reply(201, self.grant(whom, refresh=False))
        skip, limit = int(request.query["skip"]), int(request.query["limit"])
        rows = [
            {"_id": each, "name": name, "isInstalled": True}
            for each, name in self.installed.items()
        ]
        return Reply(200, {"locations": rows[skip : skip + limit], "count": len(rows)})

    def _get_users(self, request: Request, owner: Installation, rest: str) -> Reply:
        return Reply(200, self.user) if rest else Reply(200, self.lists.get("users", {"users": []}))

    def _get_forms(self, request: Request, owner: Installation, rest: str) -> Reply:
        return Reply(200, {"forms": next(self.form_pages, []), "total": 0})

    def _get_calendars(self, request: Request, owner: Installation, rest: str) -> Reply:
        return Reply(200, {"calendars": []})

    def _get_companies(self, request: Request, owner: Installation, rest: str) -> Reply:
        return Reply(200, {"company": {"id": rest, "name": "Byron Agency"}})

    def _get_locations(self, request: Request, owner: Installation, rest: str) -> Reply:
        identity, _, what = rest.partition("/")
        if what:
            return Reply(200, self.lists.get(what, {what: []}))
        name = self.installed.get(identity)
        return Reply(200, {"location": {"id": identity, "name": name}}) if name else error(404, "")

    def _get_workflows(self, request: Request, owner: Installation, rest: str) -> Reply:
        if not rest:
            if request.query.get("locationId") != owner.location_id:
                return error(401, "The token does not have access to this location.")
            return Reply(200, {"workflows": self.workflows})
        identity, _, what = rest.partition("/")
        if what != "definition" or not self.definitions:
            code = "WORKFLOW_API_NOT_ENABLED_FOR_LOCATION"
            return Reply(403, {"statusCode": 403, "message": code, "code": code})
        found = self.definitions.get(identity)
        return Reply(200, found) if found else error(404, "Not Found")


def error(status: int, message: Any, name: str = "") -> Reply:
    body = {"statusCode": status, "message": message}
    return Reply(status, body | ({"error": name} if name else {}))
