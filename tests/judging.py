"""The sample of findings that a person has judged: how it is drawn, and where the verdicts are."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.workflows.analysis.findings import Finding
from tests.workflows.corpus import Analysed

FILE = Path(__file__).parent / "judgements.json"
VERDICTS = ("right", "wrong", "debatable")
SIZE = 60
MOST_PER_RULE = 5
#: Of those sampled, the part that may be wrong.
WRONG_LIMIT = 3 / 30


@dataclass(frozen=True, slots=True)
class Judgement:
    rule: str
    verdict: str
    why: str


#: File -> fingerprint -> what was judged of it.
Judgements = Mapping[str, Mapping[str, Judgement]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finding of the sample and where it is."""

    file: str
    workflow: str
    finding: Finding

    @property
    def lot(self) -> str:
        return hashlib.sha256(f"{self.file} {self.finding.fingerprint}".encode()).hexdigest()


class UnjudgedError(Exception):
    """Drawn findings without a verdict."""


def judgements() -> Judgements:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        file: {fingerprint: Judgement(**row) for fingerprint, row in rows.items()}
        for file, rows in data.items()
    }


def draw(corpus: Mapping[str, Sequence[Analysed]], size: int = SIZE) -> list[Drawn]:
    """One finding of each rule, then a second of each, and so on; lots decide which and when."""
    by_rule: dict[str, list[Drawn]] = defaultdict(list)
    for item in sorted(_findings(corpus), key=lambda item: item.lot):
        by_rule[item.finding.rule_id].append(item)
    turns = [
        (turn, item.lot, item)
        for items in by_rule.values()
        for turn, item in enumerate(items[:MOST_PER_RULE])
    ]
    turns.sort(key=lambda row: row[:2])
    return [item for _, _, item in turns[:size]]


def _findings(corpus: Mapping[str, Sequence[Analysed]]) -> Iterator[Drawn]:
    for name, items in corpus.items():
        for item in items:
            if item.analysis is not None:
                for finding in item.analysis.findings:
                    yield Drawn(f"{name}/{item.file}", item.analysis.graph.name, finding)


def judged(drawn: Sequence[Drawn], known: Judgements) -> list[tuple[Drawn, Judgement]]:
    """Each drawn finding with its verdict; raises ``UnjudgedError`` naming those without one."""
    rows = [(item, known.get(item.file, {}).get(item.finding.fingerprint)) for item in drawn]
    missing = [item for item, judgement in rows if judgement is None]
    if missing:
        lines = (
            f"  {item.file} {item.finding.fingerprint} {item.finding.rule_id}: "
            f"{item.finding.message}"
            for item in missing
        )
        raise UnjudgedError(
            f"{len(missing)} drawn findings have no verdict in tests/judgements.json; open each "
            "file, look, and add one:\n" + "\n".join(lines)
        )
    return [(item, judgement) for item, judgement in rows if judgement is not None]


def tally(rows: Sequence[tuple[Drawn, Judgement]]) -> dict[str, int]:
    counts = Counter(judgement.verdict for _, judgement in rows)
    return {verdict: counts[verdict] for verdict in VERDICTS}
