"""The rules: one file each, found by their folder; a new file is a new rule, nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from apps.workflows.analysis.findings import CATEGORIES
from apps.workflows.analysis.rule import Rule


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by its id, sorted by id."""
    found: dict[str, Rule] = {}
    for category in CATEGORIES:
        folder = importlib.import_module(f"{__name__}.{category.value}")
        for info in pkgutil.iter_modules(folder.__path__):
            rule = importlib.import_module(f"{folder.__name__}.{info.name}").rule
            found[rule.id] = rule
    return dict(sorted(found.items()))
