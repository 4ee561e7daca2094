"""Answers kept for a while: tags, freshness, one maker at a time."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import transaction

from apps.ops.cache import cached, drop


class Maker:
    """Counts how often it was asked; every answer is another."""

    def __init__(self, value=None):
        self.calls, self.value = 0, value

    def __call__(self):
        self.calls += 1
        return self.value if self.value is not None else self.calls


@pytest.fixture
def key():
    return f"key:{uuid.uuid4()}"


@pytest.fixture
def tag():
    return f"tag:{uuid.uuid4()}"


def test_value_is_made_once(key, tag):
    make = Maker()
    assert [cached(key, tags=[tag], seconds=60, make=make) for _ in range(3)] == [1, 1, 1]


def test_none_is_a_value_like_any_other(key):
    calls = []
    for _ in range(2):
        assert cached(key, tags=[], seconds=60, make=lambda: calls.append(1)) is None
    assert calls == [1]


@pytest.mark.django_db(transaction=True)
def test_dropping_a_tag_forgets_its_values_and_no_others(key, tag):
    make, other = Maker(), Maker()
    cached(key, tags=[tag, "shared"], seconds=60, make=make)
    cached(f"{key}-b", tags=["shared"], seconds=60, make=other)
    drop(tag)
    assert cached(key, tags=[tag, "shared"], seconds=60, make=make) == 2
    assert cached(f"{key}-b", tags=["shared"], seconds=60, make=other) == 1


@pytest.mark.django_db(transaction=True)
def test_dropping_waits_for_the_commit(key, tag):
    make = Maker()
    cached(key, tags=[tag], seconds=60, make=make)
    with transaction.atomic():
        drop(tag)
        assert cached(key, tags=[tag], seconds=60, make=make) == 1
    assert cached(key, tags=[tag], seconds=60, make=make) == 2


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_drops_nothing(key, tag):
    make = Maker()
    cached(key, tags=[tag], seconds=60, make=make)
    with transaction.atomic():
        drop(tag)
        transaction.set_rollback(True)
    assert cached(key, tags=[tag], seconds=60, make=make) == 1


@pytest.mark.django_db(transaction=True)
def test_value_made_before_a_drop_is_stale_though_stored_after_it(key, tag):
    def make():
        drop(tag)
        return "old"

    cached(key, tags=[tag], seconds=60, make=make)
    assert cached(key, tags=[tag], seconds=60, make=lambda: "new") == "new"


def test_tag_that_fell_out_of_the_cache_makes_its_values_stale(key, tag):
    make = Maker()
    cached(key, tags=[tag], seconds=60, make=make)
    cache.delete(f"tag:{tag}")
    assert cached(key, tags=[tag], seconds=60, make=make) == 2


def test_failure_is_not_kept(key):
    with pytest.raises(ZeroDivisionError):
        cached(key, tags=[], seconds=60, make=lambda: 1 // 0)
    assert cached(key, tags=[], seconds=60, make=lambda: "sound") == "sound"


def test_stampede_makes_the_value_once(key, tag):
    barrier, going = threading.Barrier(12), threading.Event()
    calls = []

    def make():
        calls.append(1)
        going.wait(0.2)
        return "value"

    def ask(_):
        barrier.wait()
        return cached(key, tags=[tag], seconds=60, make=make)

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(ask, range(12))) == {"value"}
    assert calls == [1]


def test_value_another_process_is_making_is_waited_for(key):
    flight = f"flight:kept.1:{key}"
    cache.add(flight, "another process", 10)

    def land():
        cache.set(f"kept.1:{key}", ({}, "theirs"), 10)
        cache.delete(flight)

    timer = threading.Timer(0.2, land)
    timer.start()
    assert cached(key, tags=[], seconds=60, make=lambda: "ours") == "theirs"
    timer.join()


def test_maker_that_died_is_not_waited_for_for_ever(key, monkeypatch):
    monkeypatch.setattr("apps.ops.cache.FLIGHT_SECONDS", 0.1)
    cache.add(f"flight:kept.1:{key}", "dead process", 10)
    assert cached(key, tags=[], seconds=60, make=lambda: "ours") == "ours"


def test_cached_value_may_need_another_cached_value(key):
    def outer():
        return cached(f"{key}-in", tags=[], seconds=60, make=lambda: 20) + 1

    assert cached(key, tags=[], seconds=60, make=outer) == 21
