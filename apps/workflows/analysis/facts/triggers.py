"""What triggers ask for: which filters they really have, and which of them can start a run."""

from __future__ import annotations

from apps.workflows.analysis.graph import Filter, Graph, Step

#: Comparisons that need something to compare with; a filter left half filled in filters nothing.
_COMPARING = frozenset(
    {"==", "=", "===", "!=", "<>", "eq", "ne", "in", "is", "is-not", "equal", "equals"}
    | {"not-equal", "any-of", "is-any-of", "is-none-of", "has-any", "contains"}
    | {"does-not-contain", "string-contains", "index-of-true", "index-of-false"}
)


def live_triggers(graph: Graph, *types: str) -> list[Step]:
    """The triggers that are switched on, of these types (all when none is named)."""
    return [step for step in graph.triggers if step.enabled and (not types or step.type in types)]


def filters_of(step: Step) -> tuple[Filter, ...]:
    """The filters that hold anything back."""
    return tuple(each for each in step.filters if _compares(each))


def has_filter(step: Step, *fields: str) -> bool:
    """Whether one of the trigger's filters is about one of these fields."""
    return any(each.field in fields for each in filters_of(step))


def _compares(condition: Filter) -> bool:
    if not condition.field:
        return False
    if any(value.strip() for value in condition.values):
        return True
    operator = condition.operator.strip().lower().replace("_", "-")
    return bool(operator) and operator not in _COMPARING
