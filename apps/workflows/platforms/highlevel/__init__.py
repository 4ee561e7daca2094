"""HighLevel: workflows as its exporters write them, its account bundles and single steps."""

from apps.workflows.analysis.graph import HIGHLEVEL as ID
from apps.workflows.platforms.highlevel.documents import merge_trigger_file, recognise, split
from apps.workflows.platforms.highlevel.translate import translate

__all__ = ["ID", "merge_trigger_file", "recognise", "split", "translate"]
