"""Two analyses side by side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apps.workflows.analysis.compare import Side, compare

RULES = st.sampled_from("abcd")


@st.composite
def sides(draw: st.DrawFn) -> Side:
    costs = draw(st.dictionaries(RULES, st.integers(1, 200), max_size=4))
    total = min(1000, sum(costs.values()) * 10)
    rows = [{"ruleId": rule, "deduction": cost / 10, "count": 1} for rule, cost in costs.items()]
    prints = draw(st.lists(st.sampled_from("uvwxyz"), unique=True))
    return Side(100 - total // 10, [{"fingerprint": each} for each in prints], rows)


@given(sides(), sides())
def test_every_finding_is_in_one_list_and_swapping_swaps(before, after):
    there, back = compare(before, after), compare(after, before)
    assert there.new == back.fixed
    assert there.fixed == back.new
    assert len(there.new) + len(there.unchanged) == len(after.issues)
    assert len(there.fixed) + len(there.unchanged) == len(before.issues)


@given(sides(), sides())
def test_the_rules_changes_add_up_to_what_the_rules_cost(before, after):
    costs = [sum(row["deduction"] for row in side.breakdown) for side in (before, after)]
    found = compare(before, after).rule_changes
    assert round(sum(each.change for each in found), 1) == round(costs[0] - costs[1], 1)


def test_without_a_score_on_either_side_there_is_no_change_to_explain():
    scored = Side(50, [], [{"ruleId": "a", "deduction": 50.0, "count": 1}])
    unknown = Side(None, [], [])
    for pair in ((scored, unknown), (unknown, scored), (unknown, unknown)):
        found = compare(*pair)
        assert found.score_change is None
        assert found.rule_changes == []
