"""An n8n instance: its API gives every workflow whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from apps.accounts.connections import connection_trouble
from apps.accounts.models import Connection
from apps.accounts.n8n import workflows_page
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.graph import N8N as PLATFORM
from apps.workflows.platforms.loading import Document
from apps.workflows.sources.base import Found

#: An instance that answers with ever new cursors is left after so many pages.
MOST_PAGES = 200


class N8nSource:
    platform = PLATFORM

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def workflows(self) -> Iterator[Found]:
        cursor = ""
        for _ in range(MOST_PAGES):
            rows, cursor = self._page(cursor)
            for row in rows:
                if identity := str(row.get("id") or ""):
                    name = str(row.get("name") or "")
                    status = "active" if row.get("active") is True else "inactive"
                    yield Found(identity, name, status, Document(name or identity, row))
            if not cursor:
                return

    def references(self) -> Mapping[str, list[Any]]:
        return {}

    def _page(self, cursor: str) -> tuple[list[dict[str, Any]], str]:
        try:
            return workflows_page(self.connection.base_url, self.connection.token, cursor=cursor)
        except ApplicationError as refused:
            if refused.code == "upstream_auth":
                message = "The instance no longer accepts the API key; connect it with a new one."
                connection_trouble(connection=self.connection, message=message)
            raise
