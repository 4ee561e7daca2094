"""What a step says about its branches: their ids, names, and which one is the timeout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.workflows.analysis.graph import EdgeKind
from apps.workflows.platforms.highlevel.values import dicts, identity, mapping, text
from apps.workflows.platforms.highlevel.waits import is_timeout, is_timeout_path

_LISTS = ("branches", "transitions", "paths")
_NONE = ("noneBranch", "noneBranchId")
_FIELDS = frozenset(_LISTS + _NONE)


@dataclass(slots=True)
class Branches:
    """The branches a container names in its attributes, in its order."""

    names: dict[str, str] = field(default_factory=dict)
    timeouts: set[str] = field(default_factory=set)
    none_name: str = ""

    def edge(self, branch: str, marker: Mapping[str, Any], forks: bool) -> tuple[EdgeKind, str]:
        """Kind and label of the edge into a branch; ``marker`` is the step that begins it.

        What is neither a branch by name nor by marker is one only where the step ``forks``:
        transitions stay behind in the file when a step is made linear again.
        """
        if not (forks or marker or branch in self.names):
            return EdgeKind.NEXT, ""
        label = self.names.get(branch) or text(marker.get("name")) or self.none_name
        late = branch in self.timeouts or is_timeout(marker)
        return EdgeKind.TIMEOUT if late else EdgeKind.BRANCH, label


def branches_of(attributes: Mapping[str, Any]) -> Branches | None:
    """``None`` when the step names no branches, as all but containers do."""
    if _FIELDS.isdisjoint(attributes):
        return None
    found = Branches(none_name=text(attributes.get("noneBranchName")))
    if "branches" in attributes:
        # An if/else always has a None branch; its id is only in ``next``.
        found.none_name = found.none_name or "None"
    for key in _LISTS:
        for entry in dicts(attributes.get(key)):
            if branch := identity(entry):
                found.names.setdefault(branch, text(entry.get("name")))
                if key == "transitions" and is_timeout_path(entry):
                    found.timeouts.add(branch)
    for key in _NONE:
        none = attributes.get(key)
        if branch := text(none) or identity(mapping(none)):
            found.names.setdefault(branch, text(mapping(none).get("name")) or found.none_name)
    return found if found.names else None
