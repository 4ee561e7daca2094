"""Rate limits are kept ahead of time; a storm of 429 slows us down and loses nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.ops.errors import ApplicationError
from apps.ops.http import Provider, Reach, send
from apps.ops.http.pace import Pace
from tests.players.server import Player, Reply, serving

WINDOW = 0.4


class Limited(Player):
    """Allows so many requests per window, and says so in HighLevel's headers."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self.since, self.count, self.refused = most, 0.0, 0, 0
        self.counting = threading.Lock()

    def answer(self, request):
        with self.counting:
            now = time.monotonic()
            if now - self.since > WINDOW:
                self.since, self.count = now, 0
            self.count += 1
            left = self.most - self.count
            headers = {
                "X-RateLimit-Max": str(self.most),
                "X-RateLimit-Remaining": str(max(0, left)),
                "X-RateLimit-Interval-Milliseconds": str(int(WINDOW * 1000)),
            }
            if left < 0:
                self.refused += 1
                return Reply(429, {"statusCode": 429, "message": "Too Many Requests"}, headers)
            return Reply(200, {"query": dict(request.query)}, headers)


def provider(calls: int) -> Provider:
    name = f"test-{uuid.uuid4()}"
    return Provider(name, "X", reach=Reach.LOOPBACK, calls_per_window=calls, window_seconds=WINDOW)


@pytest.mark.parametrize("believed", [10, 1000])
def test_a_storm_of_429_slows_down_and_loses_nothing(believed):
    """30 calls in 6 threads where 10 per window are allowed, whatever we believed before."""
    player = Limited(10)
    limited = provider(believed)
    with serving(player) as url, ThreadPoolExecutor(6) as pool:

        def call(number):
            answer = send(
                limited, "POST", url, params={"n": str(number)}, resource="a", deadline=20
            )
            return answer.json()["query"]["n"]

        found = list(pool.map(call, range(30)))
    assert found == [str(number) for number in range(30)]
    assert player.refused <= 12


def test_a_full_window_is_not_even_tried():
    player = Player()
    player.always = Reply(200, {})
    limited = Provider(
        str(uuid.uuid4()), "X", reach=Reach.LOOPBACK, calls_per_window=3, window_seconds=30
    )
    with serving(player) as url:
        for resource in ("one", "one", "one", "other"):
            send(limited, "GET", url, resource=resource)
        with pytest.raises(ApplicationError) as error:
            send(limited, "GET", url, resource="one")
    assert error.value.code == "upstream_rate_limited"
    assert len(player.requests) == 4


def test_too_long_a_wait_is_told_with_its_length():
    player = Player()
    player.always = Reply(429, {"statusCode": 429}, {"X-RateLimit-Interval-Milliseconds": "10000"})
    limited = provider(100)
    with serving(player) as url:
        with pytest.raises(ApplicationError) as error:
            send(limited, "GET", url, resource="a", deadline=1)
        assert (error.value.code, error.value.permanent) == ("upstream_rate_limited", False)
        assert 9 <= int(error.value.headers["Retry-After"]) <= 12
        with pytest.raises(ApplicationError):
            send(limited, "GET", url, resource="a", deadline=1)
        assert len(player.requests) == 1
        with pytest.raises(ApplicationError):
            send(limited, "GET", url, resource="b", deadline=1)
        assert len(player.requests) == 2


def test_nothing_remaining_today_is_a_long_pause():
    pace = Pace(str(uuid.uuid4()), 100, 10)
    assert pace.wait() == 0
    pace.learn({"X-RateLimit-Daily-Remaining": "0"})
    assert pace.wait() > 800


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-RateLimit-Remaining": "5"},
        {"X-RateLimit-Remaining": "none"},
        {"X-RateLimit-Remaining": ""},
        {"X-RateLimit-Max": "-5"},
        {"X-RateLimit-Max": "0"},
        {"X-RateLimit-Max": "nan"},
        {"X-RateLimit-Daily-Remaining": "1"},
    ],
)
def test_other_headers_stop_nothing(headers):
    pace = Pace(str(uuid.uuid4()), 100, 10)
    pace.learn(headers)
    assert pace.wait() == 0


TAKE = """
import django, sys
django.setup()
from apps.ops.http.pace import Pace
pace = Pace(sys.argv[1], 20, 60)
print(sum(pace.wait() == 0 for _ in range(15)))
"""


def test_processes_share_one_window():
    """Two processes with 15 calls each find 20 places together."""
    key = str(uuid.uuid4())
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", TAKE, key]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    taken = [int(process.communicate(timeout=60)[0]) for process in running]
    assert sum(taken) == 20
