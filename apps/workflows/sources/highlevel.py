"""HighLevel: the list of workflows, their steps where the location is enabled for that.

The generally available API tells names and states only. The definition endpoint (v3) is open to
some locations; that it is closed is a normal state and asked about once. Its schema is not
published: what it answers goes through the same reading as an exported file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from apps.accounts.connections import connection_call
from apps.accounts.models import Connection
from apps.accounts.oauth.highlevel import HIGHLEVEL, VERSION
from apps.ops.http import Answer, bad_answer
from apps.workflows.analysis.graph import HIGHLEVEL as PLATFORM
from apps.workflows.platforms.loading import Document
from apps.workflows.sources.base import Found

#: Seconds for a call, waiting for the rate limit included: this is work in the background.
PATIENCE = 60
_EXPORT = "ghl-workflow-export/v1"
_STATUSES = {"published": "active", "draft": "draft"}
_PAGE, _MOST_PAGES = 50, 40
#: Kind -> the scope it needs, the path, and whether it comes in pages.
_LISTS: Mapping[str, tuple[str, str, bool]] = {
    "customFields": ("locations/customFields.readonly", "/locations/{id}/customFields", False),
    "customValues": ("locations/customValues.readonly", "/locations/{id}/customValues", False),
    "tags": ("locations/tags.readonly", "/locations/{id}/tags", False),
    "pipelines": ("opportunities.readonly", "/opportunities/pipelines", False),
    "calendars": ("calendars.readonly", "/calendars/", False),
    "users": ("users.readonly", "/users/", False),
    "forms": ("forms.readonly", "/forms/", True),
    "surveys": ("surveys.readonly", "/surveys/", True),
}


class HighLevelSource:
    platform = PLATFORM

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.location = connection.location_id
        self._opens_definitions = True

    def workflows(self) -> Iterator[Found]:
        if not self.location:
            # An agency has no workflows of its own.
            return
        found = _object(self._get("/workflows/", {"locationId": self.location})).get("workflows")
        if not isinstance(found, list):
            raise bad_answer(HIGHLEVEL, "it holds no list of workflows")
        for row in found:
            if isinstance(row, dict) and isinstance(row.get("id"), str) and row["id"]:
                status = _STATUSES.get(str(row.get("status")), "unknown")
                document = self._definition(row)
                yield Found(row["id"], str(row.get("name") or ""), status, document)

    def references(self) -> Mapping[str, list[Any]]:
        if not self.location:
            return {}
        granted = set(self.connection.scopes)
        return {
            kind: list(self._list(kind, path, paged))
            for kind, (scope, path, paged) in _LISTS.items()
            # Without the scope HighLevel answers as to a bad token.
            if scope in granted or scope.replace(".readonly", ".write") in granted
        }

    def _definition(self, row: dict[str, Any]) -> Document | None:
        if not self._opens_definitions:
            return None
        answer = self._get(f"/workflows/{row['id']}/definition", version="v3", expect=(403, 404))
        if answer.status == 403:  # WORKFLOW_API_NOT_ENABLED_FOR_LOCATION
            self._opens_definitions = False
        if answer.status != 200:
            return None
        definition = _object(answer)
        workflow = definition.get("workflow")
        content = workflow if isinstance(workflow, dict) else definition
        export: dict[str, Any] = {
            "$schema": _EXPORT,
            "source": {"workflowId": row["id"], "locationId": self.location},
            # The list says which it is; for the rest it stands where the definition is silent.
            "workflow": {**row, **content, "id": row["id"], "name": row.get("name")},
        }
        if isinstance(definition.get("triggers"), list):
            export["triggers"] = definition["triggers"]
        return Document(str(row.get("name") or row["id"]), export)

    def _list(self, kind: str, path: str, paged: bool) -> Iterator[Any]:
        query: dict[str, Any] = {} if "{id}" in path else {"locationId": self.location}
        for page in range(_MOST_PAGES if paged else 1):
            more = {"limit": _PAGE, "skip": page * _PAGE} if paged else {}
            found = _object(self._get(path.format(id=self.location), query | more)).get(kind)
            rows = found if isinstance(found, list) else []
            yield from rows
            if len(rows) < _PAGE:
                return

    def _get(
        self,
        path: str,
        query: dict[str, Any] | None = None,
        *,
        version: str = VERSION,
        expect: tuple[int, ...] = (),
    ) -> Answer:
        return connection_call(
            self.connection,
            "GET",
            path,
            version=version,
            expect=expect,
            params=query,
            deadline=PATIENCE,
        )


def _object(answer: Answer) -> dict[str, Any]:
    found = answer.json()
    if not isinstance(found, dict):
        raise bad_answer(HIGHLEVEL, "no JSON object")
    return found
