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
    ORDERINGS,
    account_lists_of,
    definition_of,
    graph_of,
    newest_version_of,
    require_version,
    rows_of,
    version_row,
    versions_of,
    workflow_find,
    workflow_row,
    workflows_filtered,
    workflows_for,
    workflows_used,
)

__all__ = [
    "ORDERINGS",
    "UPGRADE_URL",
    "account_lists_of",
    "analyses_filtered",
    "analyses_for",
    "analysis_row",
    "analysis_shown",
    "definition_of",
    "graph_of",
    "newest_version_of",
    "require_version",
    "rows_of",
    "test_analyses",
    "version_row",
    "versions_of",
    "workflow_find",
    "workflow_row",
    "workflows_filtered",
    "workflows_for",
    "workflows_used",
]
