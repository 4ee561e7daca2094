"""Personal API tokens: how they look, are hashed, made and found."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.accounts.models import ApiToken, Membership

PREFIX = "wd_"
READ, WRITE = "read", "write"
SCOPES = (READ, WRITE)
#: ``last_used_at`` is written at most this often: a read request should stay a read.
USED_EVERY = datetime.timedelta(minutes=5)


def digest(token: str) -> str:
    """The hash under which a token is stored, keyed by ``API_TOKEN_KEY``."""
    keyed = salted_hmac("apps.accounts.tokens", token, settings.API_TOKEN_KEY, algorithm="sha256")
    return keyed.hexdigest()


def api_token_create(
    *,
    membership: Membership,
    name: str,
    scopes: Sequence[str] = SCOPES,
    expires_at: datetime.datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token and its plain text, which is never to be had again."""
    plain = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=membership,
        name=name,
        digest=digest(plain),
        scopes=list(scopes),
        expires_at=expires_at,
    )
    return token, plain


def api_tokens_for(membership: Membership) -> QuerySet[ApiToken]:
    """A person's own tokens in an account, newest first."""
    return ApiToken.objects.filter(membership=membership).order_by("-created_at", "-id")


def api_token_find(plain: str) -> ApiToken | None:
    """The token with this plain text, if it may be used now."""
    token = (
        ApiToken.objects.select_related("membership__user", "membership__account")
        .filter(digest=digest(plain), membership__user__is_active=True)
        .first()
    )
    return None if token is None or token.is_expired else token


def api_token_used(token: ApiToken) -> None:
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - USED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
