"""What a token endpoint of HighLevel answers, checked before anything is made of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from apps.accounts.models import Connection
from apps.ops.errors import ApplicationError
from apps.ops.http import Answer, bad_answer

LONGEST_TOKEN = 16_384
LONGEST_ID = 100
#: HighLevel's own; for an answer that does not say.
LIFETIME = datetime.timedelta(seconds=86_399)


@dataclass(frozen=True)
class Grant:
    """Tokens and whom they speak for."""

    token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime.datetime
    scopes: list[str]
    user_type: str
    company_id: str
    location_id: str
    user_id: str
    is_bulk: bool


def read_grant(answer: Answer, *, location_id: str = "", company_id: str = "") -> Grant:
    """Raises ``upstream_unavailable`` for an answer without what we need.

    The ids say whose tokens were asked for, where the answer may leave it out.
    """
    sent = answer.json()
    if not isinstance(sent, dict):
        raise bad_answer(answer.provider, "no JSON object")
    token = sent.get("access_token")
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN or not token.isascii():
        raise bad_answer(answer.provider, "it has no access token")
    location = _identity(sent, "locationId") or location_id
    company = _identity(sent, "companyId") or company_id
    user_type = sent.get("userType")
    if user_type not in Connection.UserType.values:
        user_type = Connection.UserType.LOCATION if location else Connection.UserType.COMPANY
    if not (location if user_type == Connection.UserType.LOCATION else company):
        raise bad_answer(answer.provider, "it names neither a location nor a company")
    return Grant(
        token=token,
        refresh_token=_text(sent.get("refresh_token")),
        expires_at=timezone.now() + _lifetime(sent.get("expires_in")),
        scopes=_text(sent.get("scope")).split()[:200],
        user_type=str(user_type),
        company_id=company,
        location_id=location if user_type == Connection.UserType.LOCATION else "",
        user_id=_identity(sent, "userId"),
        is_bulk=sent.get("isBulkInstallation") is True,
    )


def refusal(answer: Answer) -> ApplicationError:
    """A 4xx of the token endpoint: HighLevel no longer, or never, agreed."""
    return ApplicationError(
        "upstream_auth",
        f"HighLevel refused: {_reason(answer)}. Sign in with HighLevel again.",
        permanent=True,
    )


def _reason(answer: Answer) -> str:
    """HighLevel's own words, which may be a text or a list; never more than a line."""
    try:
        sent = answer.json()
    except ApplicationError:
        sent = None
    said = sent.get("message") or sent.get("error_description") if isinstance(sent, dict) else None
    if isinstance(said, list):
        said = "; ".join(str(each) for each in said[:3])
    text = " ".join(str(said or f"status {answer.status}").split())
    return text[:200].rstrip(".")


def _identity(sent: Mapping[str, Any], name: str) -> str:
    value = sent.get(name)
    return (
        value if isinstance(value, str) and len(value) <= LONGEST_ID and "\0" not in value else ""
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST_TOKEN else ""


def _lifetime(seconds: Any) -> datetime.timedelta:
    if isinstance(seconds, str) and seconds.isdigit():
        seconds = int(seconds[:10])
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        return LIFETIME
    return datetime.timedelta(seconds=min(float(seconds), 366 * 86_400))
