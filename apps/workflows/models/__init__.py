"""What is stored about workflows, one file per theme."""

from apps.workflows.models.analyses import Analysis
from apps.workflows.models.choices import RuleSettings, Suppression
from apps.workflows.models.scans import Scan, ScanItem
from apps.workflows.models.shares import ShareLink
from apps.workflows.models.workflows import ReferenceList, Workflow, WorkflowVersion

__all__ = [
    "Analysis",
    "ReferenceList",
    "RuleSettings",
    "Scan",
    "ScanItem",
    "ShareLink",
    "Suppression",
    "Workflow",
    "WorkflowVersion",
]
