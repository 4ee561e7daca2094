"""The plans are code: what each allows. Prices live at Stripe."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

FREE = "free"
PRO = "pro"

#: What only a paid plan can do, and what people call it.
FEATURES = {
    "scans": "scans of the whole account",
    "schedules": "scheduled scans",
    "notifications": "notifications",
    "map": "the map of the account",
    "references": "the index of references",
    "share_links": "share links",
    "api_tokens": "API tokens",
}
#: How long a plan goes on after its payment failed.
GRACE = datetime.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Plan:
    """``None`` means without limit."""

    name: str
    issues_shown: int | None
    workflows: int | None
    history_days: int
    members: int | None
    features: frozenset[str] = frozenset()


PLANS = {
    FREE: Plan(FREE, issues_shown=3, workflows=10, history_days=30, members=1),
    PRO: Plan(
        PRO,
        issues_shown=None,
        workflows=None,
        history_days=365,
        members=None,
        features=frozenset(FEATURES),
    ),
}
