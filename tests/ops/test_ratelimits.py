"""Rate limits: who is counted together, what is told, and what gets through."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count as counting
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.tokens import api_token_create
from apps.ops import ratelimits

LIMITS = {"auth": (2, 60), "write": (3, 60), "read": (4, 60)}
RULES = "/api/rules"
_hosts = counting(1)


@pytest.fixture(autouse=True)
def limited(settings):
    settings.RATE_LIMITS = LIMITS


@pytest.fixture
def address():
    """An address that no other test counts on."""
    number = next(_hosts) + (time.time_ns() % 60_000) * 200
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@pytest.fixture
def clock(monkeypatch):
    """A time at the beginning of every window, and still."""
    # Windows of django-ratelimit begin at another second for every key: this is one of them.
    now = SimpleNamespace(time=1_800_000_000.0)
    monkeypatch.setattr("time.time", lambda: now.time)
    return now


def statuses(client, path, times, method="get", **more):
    return [getattr(client, method)(path, **more).status_code for _ in range(times)]


def test_limit_is_exact_and_the_answer_says_when_to_come_back(address):
    client = Client(REMOTE_ADDR=address)
    assert statuses(client, RULES, 4) == [200] * 4
    refused = client.get(RULES)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "rate_limited"
    assert 1 <= int(refused["Retry-After"]) <= 61
    assert refused["RateLimit-Remaining"] == "0"
    assert refused["X-Request-ID"] == refused.json()["meta"]["requestId"]


def test_every_limited_answer_says_what_is_left(address):
    client = Client(REMOTE_ADDR=address)
    left = [client.get(RULES)["RateLimit-Remaining"] for _ in range(4)]
    assert left == ["3", "2", "1", "0"]
    answer = Client(REMOTE_ADDR=address + "1").get(RULES)
    assert (answer["RateLimit-Limit"], "Retry-After" in answer) == ("4", False)
    assert 1 <= int(answer["RateLimit-Reset"]) <= 61


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/api/nothing", 404), ("get", "/api/history", 401), ("post", "/api/rules", 405)],
)
def test_failures_are_counted_and_told_too(address, method, path, status):
    client = Client(REMOTE_ADDR=address)
    answer = getattr(client, method)(path)
    assert (answer.status_code, "RateLimit-Remaining" in answer) == (status, True)
    statuses(client, path, 4, method)
    assert getattr(client, method)(path).status_code == 429


def test_body_that_is_too_large_counts(address, settings):
    settings.MAX_BODY_BYTES = 5
    client = Client(REMOTE_ADDR=address)
    more = {"data": "x" * 50, "content_type": "application/json"}
    assert statuses(client, "/api/analyze", 4, "post", **more) == [413] * 3 + [429]


def test_tiers_are_counted_apart(address):
    client = Client(REMOTE_ADDR=address)
    statuses(client, RULES, 5)
    assert client.post(RULES).status_code == 405


@pytest.mark.parametrize(
    ("path", "method", "tier"),
    [
        ("/auth/login", "GET", "auth"),
        ("/auth/callback", "GET", "auth"),
        ("/auth/refresh", "POST", "auth"),
        ("/auth/password", "POST", "auth"),
        ("/admin/login/", "POST", "auth"),
        ("/admin/login/", "GET", None),
        ("/auth/status", "GET", "read"),
        ("/auth/logout", "POST", "write"),
        ("/auth/tokens", "POST", "write"),
        ("/api/analyze", "POST", "write"),
        ("/api/analysis/1", "DELETE", "write"),
        ("/api/history", "HEAD", "read"),
        ("/test/analyze", "POST", "write"),
        ("/", "GET", "read"),
        ("/healthy", "GET", "read"),
        ("/live", "GET", None),
        ("/ready", "GET", None),
        ("/health/detailed", "GET", None),
        ("/api/health/live", "GET", None),
        ("/metrics", "GET", None),
        ("/api/monitoring/redis", "GET", None),
        ("/webhooks/stripe", "POST", None),
        ("/email/events", "POST", None),
        ("/static/x.css", "GET", None),
    ],
)
def test_tier_of_every_kind_of_request(path, method, tier):
    assert ratelimits.tier_of(path, method) == tier


def test_probes_are_never_refused(address):
    client = Client(REMOTE_ADDR=address)
    assert set(statuses(client, "/live", 20)) == {200}
    assert "RateLimit-Limit" not in client.get("/live")


@pytest.mark.parametrize("forged", ["1.1.1.1", "1.1.1.1, 2.2.2.2", "unknown", "::1", ""])
def test_forged_header_escapes_nothing_without_a_proxy(address, forged):
    client = Client(REMOTE_ADDR=address)
    statuses(client, RULES, 4)
    assert client.get(RULES, headers={"X-Forwarded-For": forged}).status_code == 429


def test_only_the_hop_of_the_trusted_proxy_counts(address, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    client = Client(REMOTE_ADDR="127.0.0.1")
    for number in range(4):
        hops = f"6.6.6.{number}, {address}"
        assert client.get(RULES, headers={"X-Forwarded-For": hops}).status_code == 200
    assert client.get(RULES, headers={"X-Forwarded-For": f"9.9.9.9, {address}"}).status_code == 429
    other = {"X-Forwarded-For": f"{address}, {address}9"}
    assert client.get(RULES, headers=other).status_code == 200


def test_addresses_of_one_ipv6_network_count_together(address):
    network = f"2001:db8:{time.time_ns() % 65536:x}:{next(_hosts):x}"
    for number in range(4):
        assert Client(REMOTE_ADDR=f"{network}::{number}").get(RULES).status_code == 200
    assert Client(REMOTE_ADDR=f"{network}:ffff::1").get(RULES).status_code == 429


def test_port_that_a_proxy_adds_is_no_new_address(address, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    client = Client()
    for number in range(4):
        client.get(RULES, headers={"X-Forwarded-For": f"{address}:{40000 + number}"})
    assert client.get(RULES, headers={"X-Forwarded-For": f"{address}:5"}).status_code == 429


def test_user_is_counted_over_addresses_tokens_and_sessions(alice, address):
    _, plain = api_token_create(membership=alice.membership, name="another")
    another = APIClient(REMOTE_ADDR=address, HTTP_AUTHORIZATION=f"Bearer {plain}")
    browser = Client(REMOTE_ADDR=address)
    browser.force_login(alice.user)
    found = [client.get("/api/history").status_code for client in (alice.client, another, browser)]
    assert found == [200] * 3
    assert statuses(alice.client, "/api/history", 2) == [200, 429]
    assert statuses(browser, "/api/history", 1) == [429]


def test_two_users_behind_one_address_are_counted_apart(alice, charlie):
    statuses(alice.client, "/api/history", 5)
    assert charlie.client.get("/api/history").status_code == 200


@pytest.mark.django_db
def test_made_up_tokens_do_not_escape_the_limit_of_the_address(address):
    found = []
    for number in range(5):
        made_up = {"Authorization": f"Bearer wd_{number}"}
        found.append(Client(REMOTE_ADDR=address).get("/api/history", headers=made_up).status_code)
    assert found == [401] * 4 + [429]


@pytest.mark.django_db
def test_made_up_sessions_do_not_escape_the_limit_of_the_address(address):
    found = []
    for number in range(5):
        client = Client(REMOTE_ADDR=address)
        client.cookies["sessionid"] = f"madeup{number:026}"
        found.append(client.get("/api/history").status_code)
    assert found == [401] * 4 + [429]


def test_database_that_is_away_leaves_the_limits_in_force(address, monkeypatch):
    def away(request):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(ratelimits, "_identify", [away])
    client = Client(REMOTE_ADDR=address)
    assert statuses(client, RULES, 5) == [200] * 4 + [429]


@pytest.mark.django_db
def test_password_of_one_account_is_tried_so_often_from_anywhere(alice, address):
    body = {"username": alice.user.email.upper(), "password": "wrong"}
    found = []
    for number in range(4):
        client = Client(REMOTE_ADDR=f"{address}{number}")
        found.append(client.post("/admin/login/", body).status_code)
    assert found == [200, 200, 429, 429]
    right = {"username": alice.user.email, "password": "correct horse battery"}
    refused = Client(REMOTE_ADDR=f"{address}9").post("/admin/login/", right)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1


def test_many_at_once_get_exactly_the_limit(address, settings):
    settings.RATE_LIMITS = {**LIMITS, "read": (50, 3600)}
    barrier = threading.Barrier(8)

    def run(_):
        barrier.wait()
        return [ratelimits.count("read", address).refused for _ in range(25)]

    with ThreadPoolExecutor(8) as pool:
        refused = [each for batch in pool.map(run, range(8)) for each in batch]
    assert refused.count(False) == 50


def test_fixed_window_begins_anew_after_the_time_told(address, clock):
    while not (usage := ratelimits.count("read", address)).refused:
        pass
    clock.time += usage.reset - 1
    assert ratelimits.count("read", address).refused
    clock.time += 1
    assert ratelimits.count("read", address).remaining == 3


@pytest.fixture
def sliding(settings, clock):
    settings.RATE_LIMIT_STRATEGY = "sliding"
    return clock


def test_sliding_window_is_exact_from_a_fresh_start(address, sliding):
    found = [ratelimits.count("read", address) for _ in range(6)]
    assert [usage.refused for usage in found] == [False] * 4 + [True] * 2
    assert [usage.remaining for usage in found] == [3, 2, 1, 0, 0, 0]


def test_sliding_window_lets_no_burst_through_at_an_edge(address, sliding):
    sliding.time += 59
    assert not any(ratelimits.count("read", address).refused for _ in range(4))
    sliding.time += 2
    assert ratelimits.count("read", address).refused


@pytest.mark.parametrize("start", [0, 20, 59])
def test_sliding_window_takes_one_more_after_the_time_told_and_not_before(address, sliding, start):
    sliding.time += start
    while not (usage := ratelimits.count("read", address)).refused:
        pass
    sliding.time += usage.reset - 1
    assert ratelimits.count("read", address).refused
    sliding.time += 1
    assert not ratelimits.count("read", address).refused


def test_hammering_does_not_prolong_a_sliding_refusal(address, sliding):
    for _ in range(100):
        usage = ratelimits.count("read", address)
    sliding.time += usage.reset
    assert not ratelimits.count("read", address).refused
