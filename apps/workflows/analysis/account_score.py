"""The health of an account as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.workflows.analysis.engine import Analysis
from apps.workflows.analysis.findings import CATEGORIES, Category
from apps.workflows.analysis.scoring import grade


@dataclass(frozen=True, slots=True)
class AccountScore:
    """The health of an account; ``value`` is ``None`` when none of its workflows has a score."""

    value: int | None
    categories: Mapping[Category, int | None]

    @property
    def grade(self) -> str | None:
        return None if self.value is None else grade(self.value)


def account_score(analyses: Iterable[Analysis]) -> AccountScore:
    """The score of an account: the mean of its workflows' scores, rounded half up.

    A workflow without a score (its content is not in the file) is left out, and so it is from its
    categories. Each category is the mean over the workflows where it was assessed, ``None`` where
    it was in none. Nothing depends on the order of the workflows.
    """
    scored = [analysis for analysis in analyses if analysis.score is not None]
    by_category = {
        category: mean(analysis.categories.get(category) for analysis in scored)
        for category in CATEGORIES
    }
    values = (analysis.score.value for analysis in scored if analysis.score is not None)
    return AccountScore(mean(values), by_category)


def mean(values: Iterable[int | None]) -> int | None:
    """The mean of the known values, rounded half up; ``None`` of none."""
    known = [value for value in values if value is not None]
    # Whole numbers throughout, so that a half is a half: floor(mean + 1/2).
    return (2 * sum(known) + len(known)) // (2 * len(known)) if known else None
