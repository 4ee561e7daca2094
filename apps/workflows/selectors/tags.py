"""The tags of cached lists: a write drops those of what it changes, of its account alone."""

from __future__ import annotations

import uuid


def workflows_tag(account_id: uuid.UUID) -> str:
    """The lists of workflows, which show the last scores too."""
    return f"workflows:{account_id}"


def history_tag(account_id: uuid.UUID) -> str:
    return f"history:{account_id}"
