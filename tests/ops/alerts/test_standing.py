"""One odd look tells nobody; what lasts is told once, and once when it is over."""

from hypothesis import given
from hypothesis import strategies as st

from apps.ops.alerts.standing import Event, Standing, looked


def told(looks: list[bool], after: int) -> list[Event]:
    standing, events = Standing(), []
    for bad in looks:
        standing, event = looked(standing, bad=bad, after=after)
        if event:
            events.append(event)
    return events


def test_what_lasts_is_told_once():
    assert told([True] * 50, after=2) == [Event.RAISED]


def test_what_is_over_is_told_once():
    assert told([True] * 9 + [False] * 9, after=2) == [Event.RAISED, Event.OVER]


def test_single_bad_look_tells_nobody():
    assert told([False, True, False, False, True, False], after=2) == []


def test_single_good_look_ends_nothing():
    assert told([True, True, False, True, True, False, True], after=2) == [Event.RAISED]


def test_flapping_tells_nobody():
    assert told([True, False] * 100, after=2) == []


def test_condition_may_count_at_the_first_look():
    assert told([True, False], after=1) == [Event.RAISED, Event.OVER]


def test_nothing_wrong_tells_nobody():
    assert told([False] * 10, after=1) == []


@given(st.lists(st.booleans(), max_size=200), st.integers(1, 5))
def test_raised_and_over_take_turns_and_raised_comes_first(looks, after):
    events = told(looks, after)
    assert all(
        event is (Event.RAISED if turn % 2 == 0 else Event.OVER)
        for turn, event in enumerate(events)
    )


@given(st.lists(st.booleans(), max_size=200), st.integers(1, 5))
def test_no_more_is_told_than_there_were_looks_for_it(looks, after):
    assert len(told(looks, after)) * after <= len(looks)
