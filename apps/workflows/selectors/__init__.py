"""What is read: always within one account, so that another's row is simply not found."""

from apps.workflows.selectors.analyses import (
    UPGRADE_URL,
    analyses_filtered,
    analyses_for,
    analysis_row,
    analysis_shown,
    test_analyses,
)
from apps.workflows.selectors.choices import (
    STATES,
    merged,
    rules_of,
    silences_by,
    silences_of,
    states_of,
    suppression_find,
    suppressions_for,
)
from apps.workflows.selectors.comparisons import comparison_of
from apps.workflows.selectors.graphs import definition_graph, graph_of, run_of, version_graph
from apps.workflows.selectors.landscape import (
    account_map_of,
    index_of,
    matching,
    references_of,
)
from apps.workflows.selectors.lists import account_lists_of, add_lists
from apps.workflows.selectors.people import addresses_of, may_be_notified
from apps.workflows.selectors.scans import (
    accounts_of,
    scan_find,
    scan_row,
    scans_for,
    workflows_to_scan,
)
from apps.workflows.selectors.shares import share_link_find, share_links_live
from apps.workflows.selectors.tags import history_tag, workflows_tag
from apps.workflows.selectors.trends import trends_of
from apps.workflows.selectors.workflows import (
    LIVE_SOURCES,
    ORDERINGS,
    definition_of,
    newest_version_of,
    require_version,
    rows_of,
    version_row,
    versions_of,
    workflow_find,
    workflow_known,
    workflow_row,
    workflows_filtered,
    workflows_for,
    workflows_used,
)

__all__ = [
    "LIVE_SOURCES",
    "ORDERINGS",
    "STATES",
    "UPGRADE_URL",
    "account_lists_of",
    "account_map_of",
    "accounts_of",
    "add_lists",
    "addresses_of",
    "analyses_filtered",
    "analyses_for",
    "analysis_row",
    "analysis_shown",
    "comparison_of",
    "definition_graph",
    "definition_of",
    "graph_of",
    "history_tag",
    "index_of",
    "matching",
    "may_be_notified",
    "merged",
    "newest_version_of",
    "references_of",
    "require_version",
    "rows_of",
    "rules_of",
    "run_of",
    "scan_find",
    "scan_row",
    "scans_for",
    "share_link_find",
    "share_links_live",
    "silences_by",
    "silences_of",
    "states_of",
    "suppression_find",
    "suppressions_for",
    "test_analyses",
    "trends_of",
    "version_graph",
    "version_row",
    "versions_of",
    "workflow_find",
    "workflow_known",
    "workflow_row",
    "workflows_filtered",
    "workflows_for",
    "workflows_tag",
    "workflows_to_scan",
    "workflows_used",
]
