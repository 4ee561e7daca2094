"""Connections between steps: real ones, and those that lead to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EdgeKind(StrEnum):
    NEXT = "next"
    BRANCH = "branch"
    TIMEOUT = "timeout"
    GOTO = "goto"
    ERROR = "error"
    LOOP = "loop"  # into the body of a loop step
    ATTACH = "attach"  # from a sub-node to the step it serves; not walked by a run


@dataclass(slots=True, eq=False)
class Edge:
    """A real connection; ``source`` and ``target`` are indexes into ``Graph.steps``.

    ``port`` and ``target_port`` count outputs and inputs where the platform has several.
    """

    source: int
    target: int
    kind: EdgeKind = EdgeKind.NEXT
    label: str = ""
    port: int = 0
    target_port: int = 0


@dataclass(frozen=True, slots=True)
class Dangling:
    """A connection of ``source`` (an index) to a step that is not there."""

    source: int
    target: str
    kind: EdgeKind = EdgeKind.NEXT
    label: str = ""
