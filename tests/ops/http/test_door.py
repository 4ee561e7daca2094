"""The outbound door: what is repeated, what is refused, and how failures are told apart."""

from __future__ import annotations

import time
import uuid

import pytest

from apps.ops import context
from apps.ops.errors import ApplicationError
from apps.ops.http import Provider, Reach, send
from tests.players.server import Player, Reply, serving


class Echo(Player):
    def answer(self, request):
        return Reply(200, {"path": request.path, "padding": "x" * 100})


@pytest.fixture
def player():
    echo = Echo()
    with serving(echo):
        yield echo


@pytest.fixture
def provider():
    """A name of its own: breakers and limits are shared through the cache."""
    return Provider(f"test-{uuid.uuid4()}", "The player", reach=Reach.LOOPBACK, open_seconds=1)


def refused(provider, player, method="GET", **options) -> ApplicationError:
    with pytest.raises(ApplicationError) as error:
        send(provider, method, f"{player.url}/x", **options)
    return error.value


def test_an_answer_comes_back_whole(provider, player):
    answer = send(provider, "GET", f"{player.url}/x", params={"a": "1"})
    assert (answer.status, answer.json()["path"]) == (200, "/x")
    assert player.requests[0].query == {"a": "1"}


def test_the_request_id_is_passed_on(provider, player):
    token = context.request_id.set("0f0e0d0c-0000-4000-8000-000000000001")
    try:
        send(provider, "GET", f"{player.url}/x")
    finally:
        context.request_id.reset(token)
    assert player.requests[0].headers["X-Request-ID"] == "0f0e0d0c-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    "fault", [Reply(500), Reply(503), Reply(fault="closed"), Reply(fault="truncated")]
)
def test_a_call_that_changes_nothing_is_repeated(provider, player, fault):
    player.faults = [fault, fault]
    assert send(provider, "GET", f"{player.url}/x").status == 200
    assert len(player.requests) == 3


@pytest.mark.parametrize(
    "fault", [Reply(500), Reply(fault="closed"), Reply(fault="truncated")], ids=str
)
def test_a_call_that_may_have_arrived_is_not_sent_twice(provider, player, fault):
    player.faults = [fault]
    error = refused(provider, player, "POST", json={})
    assert error.code == "upstream_unavailable"
    assert not error.permanent
    assert len(player.requests) == 1


def test_a_post_that_is_safe_to_repeat_may_say_so(provider, player):
    player.faults = [Reply(502)]
    assert send(provider, "POST", f"{player.url}/x", json={}, repeatable=True).status == 200


def test_repetitions_have_an_end(provider, player):
    player.always = Reply(500)
    assert refused(provider, player).code == "upstream_unavailable"
    assert len(player.requests) == 3


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [
        (400, "upstream_unavailable", True),
        (401, "upstream_auth", True),
        (403, "upstream_auth", True),
        (404, "upstream_unavailable", True),
        (302, "upstream_unavailable", True),
    ],
)
def test_refusals_are_told_apart_and_not_repeated(provider, player, status, code, permanent):
    player.always = Reply(status, {"message": "no"}, {"Location": f"{player.url}/secret"})
    error = refused(provider, player)
    assert (error.code, error.permanent) == (code, permanent)
    assert player.paths() == ["GET /x"]


def test_a_status_that_was_expected_is_an_answer(provider, player):
    player.always = Reply(400, {"message": "Invalid grant"})
    answer = send(provider, "POST", f"{player.url}/x", expect={400})
    assert (answer.status, answer.json()) == (400, {"message": "Invalid grant"})


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{", b"[" * 100_000, b"\xff", b'{"a": NaN}', b"[-Infinity]", b'{"a": 1e999}'],
)
def test_an_answer_that_is_no_json_is_told(provider, player, body):
    player.always = Reply(200, body)
    with pytest.raises(ApplicationError, match="no JSON") as error:
        send(provider, "GET", f"{player.url}/x").json()
    assert error.value.code == "upstream_unavailable"


def test_an_answer_of_more_values_than_can_be_held_is_refused_unread(provider, player):
    player.always = Reply(200, b"[" + b"[]," * 1_600_000 + b"[]]")
    answer = send(provider, "GET", f"{player.url}/x")
    with pytest.raises(ApplicationError, match="too many values"):
        answer.json()


def test_an_answer_without_end_is_cut_off(player):
    small = Provider(f"test-{uuid.uuid4()}", "X", reach=Reach.LOOPBACK, most_bytes=1000)
    player.always = Reply(200, b"x" * 1001)
    assert "too large" in refused(small, player).message
    player.always = Reply(200, b"x" * 1000)
    assert send(small, "GET", f"{player.url}/x").status == 200


@pytest.mark.parametrize("fault", ["slow", "drip"])
def test_nothing_outlasts_the_deadline(provider, player, fault):
    player.always = Reply(fault=fault, seconds=2 if fault == "slow" else 0.05)
    started = time.monotonic()
    error = refused(provider, player, deadline=0.4)
    assert time.monotonic() - started < 1.5
    assert (error.code, "in time" in error.message) == ("upstream_unavailable", True)


def test_cookies_are_not_kept(provider, player):
    player.always = Reply(200, {}, {"Set-Cookie": "a=b"})
    send(provider, "GET", f"{player.url}/x")
    send(provider, "GET", f"{player.url}/x")
    assert "Cookie" not in player.requests[1].headers


def test_the_log_has_neither_query_nor_headers(provider, player, caplog):
    caplog.set_level("INFO")
    send(provider, "GET", f"{player.url}/x", params={"code": "geheim"}, headers={"X-Key": "geheim"})
    assert "/x -> 200" in caplog.text
    assert "geheim" not in caplog.text


# -- the breaker -----------------------------------------------------------------------------------


def test_an_outage_opens_the_breaker_and_it_closes_by_itself(provider, player):
    player.always = Reply(500)
    for _ in range(2):
        refused(provider, player)
    made = len(player.requests)
    assert made == 5
    started = time.monotonic()
    error = refused(provider, player)
    assert time.monotonic() - started < 1
    assert (error.code, len(player.requests)) == ("upstream_unavailable", made)
    assert "Retry-After" in error.headers
    player.always = None
    time.sleep(1.05)
    assert send(provider, "GET", f"{player.url}/x").status == 200
    assert send(provider, "GET", f"{player.url}/x").status == 200


def test_a_failed_trial_opens_the_breaker_again(provider, player):
    player.always = Reply(500)
    for _ in range(2):
        refused(provider, player)
    time.sleep(1.05)
    made = len(player.requests)
    refused(provider, player, "POST")
    assert len(player.requests) == made + 1
    refused(provider, player, "POST")
    assert len(player.requests) == made + 1


def test_failures_with_successes_between_do_not_open_it(provider, player):
    for _ in range(6):
        player.faults = [Reply(500)]
        assert send(provider, "GET", f"{player.url}/x").status == 200


@pytest.mark.parametrize("status", [400, 401, 404, 429])
def test_refusals_do_not_open_it(provider, player, status):
    player.always = Reply(status, {}, {"Retry-After": "30"})
    for _ in range(7):
        refused(provider, player)
    player.always = None
    assert send(provider, "GET", f"{player.url}/x").status == 200


def test_one_providers_outage_is_not_anothers(provider, player):
    player.always = Reply(500)
    for _ in range(2):
        refused(provider, player)
    player.always = None
    other = Provider(f"test-{uuid.uuid4()}", "Other", reach=Reach.LOOPBACK)
    assert send(other, "GET", f"{player.url}/x").status == 200
