"""n8n: workflow files as its editor, its API and its template library give them."""

from apps.workflows.analysis.graph import N8N as ID
from apps.workflows.platforms.n8n.documents import recognise, split
from apps.workflows.platforms.n8n.translate import translate

__all__ = ["ID", "recognise", "split", "translate"]
