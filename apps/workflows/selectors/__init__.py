"""What is read: always within one account, so that another's row is simply not found."""

from apps.workflows.selectors.analyses import (
    UPGRADE_URL,
    analyses_filtered,
    analyses_for,
    analysis_row,
    analysis_shown,
    test_analyses,
)
from apps.workflows.selectors.workflows import (
    account_lists_of,
    definition_of,
    newest_version_of,
    versions_of,
    workflows_for,
)

__all__ = [
    "UPGRADE_URL",
    "account_lists_of",
    "analyses_filtered",
    "analyses_for",
    "analysis_row",
    "analysis_shown",
    "definition_of",
    "newest_version_of",
    "test_analyses",
    "versions_of",
    "workflows_for",
]
