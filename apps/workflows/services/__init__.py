"""What changes workflows and analyses, one file per theme."""

from apps.workflows.services.analyses import (
    analysis_create,
    analysis_delete,
    definition_analyse,
    test_history_clear,
    workflow_analyse,
)
from apps.workflows.services.choices import (
    rule_settings_replace,
    suppression_create,
    suppression_delete,
)
from apps.workflows.services.shares import share_link_create, share_links_revoke
from apps.workflows.services.workflows import (
    Imported,
    Listed,
    reference_lists_keep,
    workflow_from_listing,
    workflow_import,
)

__all__ = [
    "Imported",
    "Listed",
    "analysis_create",
    "analysis_delete",
    "definition_analyse",
    "reference_lists_keep",
    "rule_settings_replace",
    "share_link_create",
    "share_links_revoke",
    "suppression_create",
    "suppression_delete",
    "test_history_clear",
    "workflow_analyse",
    "workflow_from_listing",
    "workflow_import",
]
