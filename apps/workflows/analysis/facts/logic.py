"""What follows from conditions: which two cannot hold together, which one includes another.

Every answer is on the safe side: ``False`` where values are only known to a run.
"""

from __future__ import annotations

import math

from apps.workflows.analysis.facts.conditions import UNARY, Clause, Test

_ONE = frozenset({"is", "one of"})
_NOT_ONE = frozenset({"is not", "none of"})
_PARTS = frozenset({"contains", "starts with", "ends with"})
_LOWER = frozenset({"above", "at least"})
_UPPER = frozenset({"below", "at most"})
_BOUNDS = _LOWER | _UPPER
#: Tests that only something can pass, as long as they compare with something.
_HOLDING = _ONE | _PARTS | _BOUNDS


def contradiction(clause: Clause) -> tuple[Test, Test] | None:
    """Two tests of a clause that cannot both hold."""
    by_field: dict[str, list[Test]] = {}
    for test in clause:
        for other in by_field.setdefault(test.field, []):
            if _excludes(other, test) or _excludes(test, other):
                return other, test
        by_field[test.field].append(test)
    return None


def compares_text_with_number(test: Test) -> bool:
    """Whether a comparison of numbers has a literal word on either side."""
    if test.operator in UNARY or test.several:
        return False
    if test.type == "number":
        is_word = test.is_literal and _number(test.field) is None
        return is_word or any(_is_word(value) for value in test.values)
    return not test.type and test.operator in _BOUNDS and any(map(_is_word, test.values))


def includes(early: tuple[Clause, ...], late: tuple[Clause, ...]) -> bool:
    """Whether whatever passes ``late`` passes ``early`` too."""
    if not early or not late:
        return False
    return all(any(_clause_implies(after, before) for before in early) for after in late)


def _clause_implies(late: Clause, early: Clause) -> bool:
    return all(any(_implies(given, wanted) for given in late) for wanted in early)


# -- two tests of one field ------------------------------------------------------------------


def _excludes(a: Test, b: Test) -> bool:
    if a.operator in ("blank", "missing"):
        return _needs_something(b) or (a.operator == "missing" and b.operator == "exists")
    if (a.operator, b.operator) == ("contains", "lacks") and a.values == b.values:
        return len(a.values) == 1
    if a.several or b.several:
        return False
    if a.operator in _ONE and b.operator in _NOT_ONE and set(a.values) <= set(b.values):
        return True
    if not (a.is_fixed and b.is_fixed):
        return False
    if a.operator in _ONE:
        return not any(_passes(value, b) for value in a.values)
    return a.operator in _LOWER and b.operator in _UPPER and _empty_range(a, b)


def _needs_something(test: Test) -> bool:
    if test.operator == "filled":
        return True
    return test.operator in _HOLDING and test.is_fixed


def _empty_range(lower: Test, upper: Test) -> bool:
    low, high = _number(lower.values[0]), _number(upper.values[0])
    if low is None or high is None:
        return False
    return low > high or (
        low == high and (lower.operator, upper.operator) != ("at least", "at most")
    )


def _passes(value: str, test: Test) -> bool:
    """Whether a value may pass a test; case does not count, so as not to claim too much."""
    word, wanted = value.casefold(), [each.casefold() for each in test.values]
    found = test.operator
    if found in _ONE:
        return any(_same(word, each) for each in wanted)
    if found in _NOT_ONE:
        return value not in test.values
    if found in _BOUNDS:
        return _within(value, test) is not False
    if found in _PARTS:
        return any(_has_part(word, each, found) for each in wanted)
    if found == "lacks":
        return not any(each in value for each in test.values)
    return found != "blank"


def _same(a: str, b: str) -> bool:
    if a == b:
        return True
    first, second = _number(a), _number(b)
    return first is not None and first == second


def _has_part(word: str, part: str, how: str) -> bool:
    if how == "starts with":
        return word.startswith(part)
    return word.endswith(part) if how == "ends with" else part in word


def _within(value: str, test: Test) -> bool | None:
    """Whether a number lies within a bound; ``None`` when either is no number."""
    number, bound = _number(value), _number(test.values[0])
    if number is None or bound is None:
        return None
    return {
        "above": number > bound,
        "at least": number >= bound,
        "below": number < bound,
        "at most": number <= bound,
    }[test.operator]


def _implies(given: Test, wanted: Test) -> bool:
    """Whether passing ``given`` means passing ``wanted``."""
    if given.field != wanted.field:
        return False
    if given.operator == wanted.operator and given.values == wanted.values:
        return True
    if wanted.operator in ("filled", "exists"):
        return _needs_something(given)
    if given.several or wanted.several or not (given.is_fixed and wanted.is_fixed):
        return False
    if given.operator in _ONE:
        return all(_surely_passes(value, wanted) for value in given.values)
    if given.operator in _BOUNDS and wanted.operator in _BOUNDS:
        return _tighter(given, wanted)
    return (
        wanted.operator == "contains"
        and given.operator in _PARTS
        and all(any(each in value for each in wanted.values) for value in given.values)
    )


def _surely_passes(value: str, test: Test) -> bool:
    found = test.operator
    if found in _ONE:
        return value in test.values
    if found in _NOT_ONE:
        return not any(_same(value.casefold(), each.casefold()) for each in test.values)
    if found in _BOUNDS:
        return _within(value, test) is True
    if found in _PARTS:
        return any(_has_part(value, each, found) for each in test.values)
    if found == "lacks":
        return not any(each.casefold() in value.casefold() for each in test.values)
    return False


def _tighter(given: Test, wanted: Test) -> bool:
    if (given.operator in _LOWER) != (wanted.operator in _LOWER):
        return False
    inner, outer = _number(given.values[0]), _number(wanted.values[0])
    if inner is None or outer is None:
        return False
    if inner == outer:
        return given.operator in ("above", "below")
    return inner > outer if given.operator in _LOWER else inner < outer


# -- values ------------------------------------------------------------------------------------


def _number(value: str) -> float | None:
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _is_word(value: str) -> bool:
    """A literal without a single digit: no number and no date, however it is written."""
    if "{{" in value or value.startswith("="):
        return False
    return bool(value) and not any(letter.isdigit() for letter in value)
