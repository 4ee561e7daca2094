"""What changes workflows and analyses, one file per theme."""

from apps.workflows.services.analyses import (
    analysis_create,
    analysis_delete,
    definition_analyse,
    test_history_clear,
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
    "share_link_create",
    "share_links_revoke",
    "test_history_clear",
    "workflow_from_listing",
    "workflow_import",
]
