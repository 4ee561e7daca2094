"""What every platform gives: recognise a document, split it into workflows, translate each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from apps.workflows.analysis.graph import Graph

#: More steps than this in one workflow are refused: no real workflow comes near, and the
#: promise of an answer within two seconds has to hold for whatever is sent.
MAX_STEPS = 25_000
#: Nesting of a definition beyond this is refused; real files stay below 30.
MAX_DEPTH = 200


class DefinitionError(Exception):
    """What was given cannot be analysed: a wire ``code``, a sentence, and where it is wrong."""

    code = "unsupported_definition"

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class UnsupportedDefinition(DefinitionError):  # noqa: N818  (named as the wire's code)
    """Readable, but no definition of a workflow that we know."""


class Unreadable(DefinitionError):  # noqa: N818
    """A file that is not there or may not be read."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class MalformedJson(DefinitionError):  # noqa: N818
    code = "malformed_json"


class TooLarge(DefinitionError):  # noqa: N818
    code = "payload_too_large"


@dataclass(frozen=True, slots=True)
class Source:
    """One workflow inside a document: what ``translate`` takes and what is stored of it."""

    definition: Mapping[str, Any]
    name: str = ""
    external_id: str = ""
    triggers: list[Any] | None = None  # HighLevel keeps them apart; None: not in the file
    #: The part of the document that is this workflow's, as it stands there; None: ``definition``.
    document: Any = None
    #: What tells one version of the workflow from another, without what an export puts around
    #: it; None: ``definition``.
    content: Any = None


@dataclass(slots=True)
class Bundle:
    """What one document holds. ``lists`` are an account's reference lists by kind.

    ``whole_account`` is true where the document claims to hold all workflows of one account.
    """

    platform: str
    sources: list[Source] = field(default_factory=list)
    lists: dict[str, list[Any]] = field(default_factory=dict)
    whole_account: bool = False


class Platform(Protocol):
    """A platform is a module with these; the folder ``platforms`` is the registry."""

    ID: str

    def recognise(self, document: Any) -> bool:
        """Whether the document looks like this platform's; never raises."""

    def split(self, document: Any) -> Bundle:
        """The workflows in the document; raises ``UnsupportedDefinition``."""

    def translate(self, source: Source) -> Graph:
        """The canonical graph; raises only ``UnsupportedDefinition``, whatever the JSON."""
