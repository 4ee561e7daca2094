"""What every live source of workflows can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from apps.workflows.platforms.loading import Document


@dataclass(frozen=True, slots=True)
class Found:
    """A workflow at its platform. Without a document its steps are not to be had there."""

    external_id: str
    name: str
    status: str
    document: Document | None = None


class Source(Protocol):
    """Raises ``upstream_*`` as the platform answers."""

    platform: str

    def workflows(self) -> Iterator[Found]:
        """Every workflow of the account, one at a time."""

    def references(self) -> Mapping[str, list[Any]]:
        """The lists that workflows refer to, by the core's name for each kind; a kind that the
        platform does not let us read is not among them."""
