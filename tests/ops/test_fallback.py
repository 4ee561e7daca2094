"""The cache while its Redis is killed, frozen and started again; and the memory below it."""

import logging
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from apps.ops.fallback import FallbackCache
from apps.ops.memory import MISSING, Memory
from apps.ops.metrics import STORE
from apps.ops.redis_link import PING_SECONDS, link_to
from apps.ops.shared_counters import SHARED, SharedCounters
from tests.servers import until

TIMEOUTS = {"SOCKET_CONNECT_TIMEOUT": 0.25, "SOCKET_TIMEOUT": 0.25}


@pytest.fixture
def build(own_redis):
    def make(**options) -> FallbackCache:
        parameters = {"KEY_PREFIX": "t", "OPTIONS": {**TIMEOUTS, **options}}
        return FallbackCache(own_redis.url, parameters)

    return make


@pytest.fixture
def link(own_redis):
    return link_to(own_redis.url)


def test_values_are_kept_in_memory_while_redis_is_away(build, own_redis):
    cache = build(MEMORY_SECONDS=10)
    own_redis.kill()
    cache.set("a", [1])
    assert cache.get("a") == [1]
    assert cache.add("a", 2) is False
    assert cache.get_many(["a", "b"]) == {"a": [1]}
    assert cache.delete("a") is True
    assert cache.get("a", "none") == "none"


def test_switch_is_logged_once_each_way(build, own_redis, link, caplog):
    caplog.set_level(logging.WARNING, "apps.ops.redis_link")
    cache = build()
    cache.set("a", 1)
    own_redis.kill()
    for _ in range(20):
        cache.get("a")
    own_redis.start()
    until(lambda: link.up)
    assert cache.get("a", "gone") in {1, "gone"}
    messages = [record.getMessage() for record in caplog.records]
    assert messages == [
        "Redis does not answer; memory takes over",
        "Redis answers again",
    ]
    assert link.reconnects == 1


def test_frozen_redis_costs_one_timeout(build, own_redis):
    cache = build()
    cache.get("a")
    own_redis.freeze()
    started = time.perf_counter()
    for _ in range(200):
        cache.get("a")
        cache.set("b", 1)
    assert time.perf_counter() - started < 1.5


def test_what_was_deleted_meanwhile_does_not_come_back(build, own_redis, link):
    cache = build(MEMORY_SECONDS=10)
    cache.set("a", "old")
    cache.set("b", "old")
    own_redis.kill()
    cache.delete("a")
    own_redis.start()
    until(lambda: link.up)
    assert cache.get("a") is None
    cache.set("a", "new")
    assert cache.get("a") == "new"


def test_short_outage_in_which_nothing_changed_forgets_nothing(build, own_redis, link):
    cache = build(MEMORY_SECONDS=10)
    cache.set("a", "kept")
    own_redis.freeze()
    assert cache.get("a") is None
    own_redis.thaw()
    until(lambda: link.up)
    assert cache.get("a") == "kept"


def test_other_process_learns_of_the_new_epoch(build, own_redis, link):
    cache = build()
    cache.set("a", "old")
    link.client.set("t:epoch", "another")
    until(lambda: cache.get("a") is None, PING_SECONDS * 3)


def test_memory_does_not_outlive_the_outage(build, own_redis, link):
    cache = build(MEMORY_SECONDS=10)
    own_redis.kill()
    cache.set("a", "in memory")
    own_redis.start()
    until(lambda: link.up and len(cache.memory) == 0)
    assert cache.get("a") is None


def test_sessions_have_no_memory(build, own_redis):
    cache = build(MEMORY_SECONDS=0)
    own_redis.kill()
    cache.set("session", {"user": 1}, 3600)
    assert cache.get("session") is None


def test_counters_go_on_where_redis_was_and_are_paid_in(build, own_redis, link):
    cache = build(COUNTERS=True)
    cache.add("hits", 0, 60)
    assert [cache.incr("hits") for _ in range(3)] == [1, 2, 3]
    own_redis.kill()
    assert [cache.incr("hits") for _ in range(3)] == [4, 5, 6]
    own_redis.start()
    until(lambda: link.up and not cache._owed)
    until(lambda: cache.get("hits") == 6)
    assert cache.incr("hits") == 7


def test_counters_survive_a_redis_that_comes_back_empty(build, own_redis, link):
    cache = build(COUNTERS=True)
    cache.add("hits", 0, 60)
    for _ in range(5):
        cache.incr("hits")
    own_redis.kill()
    cache.incr("hits")
    own_redis.lose_data()
    own_redis.start()
    until(lambda: link.up and not cache._owed)
    until(lambda: (cache.get("hits") or 0) >= 6)
    assert 0 < link.client.ttl("t:1:hits") <= 60


def test_counting_what_is_not_there_is_an_error_as_in_any_cache(build, own_redis):
    cache = build(COUNTERS=True)
    with pytest.raises(ValueError, match="none"):
        cache.incr("none")
    own_redis.kill()
    with pytest.raises(ValueError, match="none"):
        cache.incr("none")


def test_value_of_another_release_that_cannot_be_read_is_a_miss(build, own_redis, link):
    cache = build()
    cache.set("a", 1)
    (key,) = link.client.keys("t:1*a")
    link.client.set(key, b"\x80\x04\x95 not a pickle")
    assert cache.get("a", "miss") == "miss"
    assert cache.get_many(["a"]) == {}


def test_without_redis_memory_is_the_cache():
    cache = FallbackCache("", {"KEY_PREFIX": uuid.uuid4().hex, "OPTIONS": {"MEMORY_SECONDS": 10}})
    cache.set("a", 1)
    assert (cache.get("a"), cache.get("b")) == (1, None)
    cache.clear()
    assert cache.get("a") is None


def test_clear_forgets_what_is_in_redis(build):
    cache = build()
    cache.set("a", 1)
    cache.clear()
    assert cache.get("a") is None


def test_memory_is_bounded_in_entries():
    memory = Memory(most_entries=3)
    for number in range(10):
        memory.set(str(number), number, None)
    assert (len(memory), memory.evictions) == (3, 7)
    assert memory.get("9") == 9
    assert memory.get("0") is MISSING


def test_memory_is_bounded_in_bytes():
    memory = Memory(most_bytes=10_000)
    for number in range(100):
        memory.set(str(number), "x" * 1000, None)
    assert memory.bytes <= 10_000
    memory.set("huge", "x" * 20_000, None)
    assert memory.get("huge") is MISSING


def test_memory_evicts_what_was_used_longest_ago():
    memory = Memory(most_entries=2)
    memory.set("a", 1, None)
    memory.set("b", 2, None)
    memory.get("a")
    memory.set("c", 3, None)
    assert memory.get("a") == 1
    assert memory.get("b") is MISSING


def test_memory_forgets_what_has_ended(monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr("apps.ops.memory.time.monotonic", lambda: clock.now)
    memory = Memory()
    for number in range(50):
        memory.set(str(number), number, 5)
    clock.now += 100
    assert memory.get("1") is MISSING
    memory.set("new", 1, None)
    assert len(memory) == 1


def test_memory_gives_copies():
    memory = Memory()
    memory.set("a", [1], None)
    memory.get("a").append(2)
    assert memory.get("a") == [1]


def test_processes_of_a_machine_count_together_without_redis(tmp_path, monkeypatch):
    monkeypatch.setattr(STORE, "folder", tmp_path)
    one, other = SharedCounters(), SharedCounters()
    assert [one.count("a", 1, 0, 60), other.count("a", 1, 0, 60)] == [1, 2]
    # What a process knew before, from Redis say, is at least counted.
    assert one.count("a", 1, 10, 60) == 11
    assert other.count("a", 1, 0, 60) == 12
    assert other.count("a", -1, 0, 60) == 11
    assert one.count("b", 1, 0, 60) == 1


def test_shared_counter_that_has_ended_begins_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(STORE, "folder", tmp_path)
    counters = SharedCounters()
    counters.count("a", 5, 0, -1)
    assert counters.count("a", 1, 0, 60) == 1


def test_process_counts_alone_when_the_shared_file_cannot_be_used(tmp_path, monkeypatch):
    monkeypatch.setattr(STORE, "folder", tmp_path / "nowhere")
    assert SharedCounters().count("a", 1, 3, 60) == 4


def test_threads_that_count_at_once_count_each_other_once(tmp_path, monkeypatch):
    monkeypatch.setattr(STORE, "folder", tmp_path)
    SHARED.after_fork()  # opens the file of this test
    cache = FallbackCache("", {"OPTIONS": {"COUNTERS": True}, "KEY_PREFIX": uuid.uuid4().hex})
    cache.add("n", 0, 60)
    with ThreadPoolExecutor(12) as pool:
        totals = sorted(pool.map(lambda _: cache.incr("n"), range(300)))
    SHARED.after_fork()
    assert totals == list(range(1, 301))
