"""Plays an n8n instance's public API."""

from __future__ import annotations

from typing import Any

from tests.players.server import Player, Reply, Request

KEY = "n8n_api_key_1"


class N8n(Player):
    def __init__(self, workflows: list[dict[str, Any]] | None = None) -> None:
        super().__init__()
        self.workflows = workflows or []
        self.most = 250

    def answer(self, request: Request) -> Reply:
        if request.path != "/api/v1/workflows":
            return Reply(404, {"message": "not found"})
        if request.headers.get("X-N8N-API-KEY") != KEY:
            return Reply(401, {"message": "unauthorized"})
        start = int(request.query.get("cursor") or 0)
        end = start + min(self.most, int(request.query.get("limit") or 100))
        following = str(end) if end < len(self.workflows) else None
        return Reply(200, {"data": self.workflows[start:end], "nextCursor": following})
