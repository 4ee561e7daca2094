"""What changes workflows and analyses, one file per theme."""

from apps.workflows.services.analyses import (
    analysis_create,
    analysis_delete,
    definition_analyse,
    test_history_clear,
    workflow_analyse,
)
from apps.workflows.services.channels import channels_held
from apps.workflows.services.choices import (
    rule_settings_replace,
    suppression_create,
    suppression_delete,
)
from apps.workflows.services.scan_groups import group_run
from apps.workflows.services.scans import (
    scan_cancel,
    scan_create,
    scan_finish,
    scan_plan,
    scans_settle,
)
from apps.workflows.services.shares import share_link_create, share_links_revoke
from apps.workflows.services.summaries import start_of_week, week_tell
from apps.workflows.services.sync import Synced, connection_sync, sync_request
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
    "Synced",
    "analysis_create",
    "analysis_delete",
    "channels_held",
    "connection_sync",
    "definition_analyse",
    "group_run",
    "reference_lists_keep",
    "rule_settings_replace",
    "scan_cancel",
    "scan_create",
    "scan_finish",
    "scan_plan",
    "scans_settle",
    "share_link_create",
    "share_links_revoke",
    "start_of_week",
    "suppression_create",
    "suppression_delete",
    "sync_request",
    "test_history_clear",
    "week_tell",
    "workflow_analyse",
    "workflow_from_listing",
    "workflow_import",
]
