"""Where workflows come from while a platform is connected: one file per platform.

The third road, a file that somebody exported, is ``platforms.loading``; all three end in the same
``Document``.
"""

from __future__ import annotations

from apps.accounts.models import Connection
from apps.workflows.sources.base import Found, Source
from apps.workflows.sources.highlevel import HighLevelSource
from apps.workflows.sources.n8n import N8nSource

__all__ = ["Found", "Source", "source_of"]

_SOURCES: dict[str, type[HighLevelSource] | type[N8nSource]] = {
    Connection.Provider.HIGHLEVEL: HighLevelSource,
    Connection.Provider.N8N: N8nSource,
}


def source_of(connection: Connection) -> Source:
    return _SOURCES[connection.provider](connection)
