"""The report behind a share link."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet
from django.utils import timezone

from apps.workflows.models import Analysis, ShareLink

#: Of a token made of 32 random bytes; anything longer is none of ours.
LONGEST_TOKEN = 64


def digest(token: str) -> str:
    """The hash under which a token is stored; 256 random bits need no key."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def share_link_find(token: str) -> ShareLink | None:
    """The link with this token, unless it is revoked or over."""
    if len(token) > LONGEST_TOKEN:
        return None
    found = ShareLink.objects.select_related("account", "analysis__version__workflow")
    return found.filter(
        digest=digest(token), revoked_at=None, expires_at__gt=timezone.now()
    ).first()


def share_links_live(analysis: Analysis) -> QuerySet[ShareLink]:
    """The links by which the report can be read now."""
    now = timezone.now()
    return ShareLink.objects.filter(analysis=analysis, revoked_at=None, expires_at__gt=now)
