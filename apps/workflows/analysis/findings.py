"""What a rule says: severities, confidence, the hit a rule returns and the finding made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from apps.workflows.analysis.graph import Step


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return _RANKS[self]

    def lowered(self) -> Severity:
        """One level less grave; info stays."""
        return SEVERITIES[min(self.rank + 1, len(SEVERITIES) - 1)]


SEVERITIES = tuple(Severity)
_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class Confidence(StrEnum):
    CERTAIN = "certain"  # follows from the file
    FIRM = "firm"  # very likely
    TENTATIVE = "tentative"  # worth a look


class Category(StrEnum):
    """Also the folders of ``rules``."""

    FLOW = "flow"
    ENTRY = "entry"
    MESSAGING = "messaging"
    DATA = "data"
    SAFETY = "safety"


CATEGORIES = tuple(Category)


@dataclass(slots=True)
class Hit:
    """What a check returns. The first of ``steps`` is where the fault sits; none: the workflow.

    ``param`` tells apart several hits of one rule on one step (a parameter, a referenced name):
    it goes into the fingerprint, so it must not hold positions, order or secrets.
    ``path`` replaces the walk from an entry to the first step; give one where the flow matters.
    With ``anchored`` false the finding is about the workflow and merely lists its steps, so its
    fingerprint stays when a step is added. Whatever is left empty comes from the rule's page.
    """

    steps: Sequence[Step]
    message: str
    remedy: str = ""
    param: str = ""
    severity: Severity | None = None
    confidence: Confidence | None = None
    path: Sequence[Step] | None = None
    title: str = ""
    anchored: bool = True


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A check that could not run on this input, and why."""

    reason: str
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    rule_id: str
    severity: Severity
    confidence: Confidence
    category: Category
    title: str
    message: str
    node_ids: tuple[str, ...]
    path: tuple[str, ...]
    impact: str
    affected_steps: int
    remedy: str
    fingerprint: str
    #: How many places one root cause shows at; the extent of a loop or region is one place.
    sites: int = 1

    @property
    def docs_url(self) -> str:
        return f"/rules/{self.rule_id}"

    @property
    def order(self) -> tuple[int, int, str, str]:
        """Findings sorted by this come in the order to fix them."""
        return (self.severity.rank, -self.affected_steps, self.rule_id, self.fingerprint)

    def renumbered(self, copy: int) -> Finding:
        """This finding under a fingerprint of its own, where another has the same."""
        return replace(self, fingerprint=digest(self.fingerprint, str(copy)))


def digest(*parts: str) -> str:
    """A short stable hash of texts (whatever they hold, lone surrogates included)."""
    text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:20]


def masked(secret: str) -> str:
    """A secret as it may be shown: its last four characters at most, fewer when it is short."""
    keep = 4 if len(secret) >= 16 else 0
    return "…" + secret[len(secret) - keep :] if keep else "…"
