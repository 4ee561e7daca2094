"""The inbox under fire: a real web server, real workers, a real broker, all on PostgreSQL.

Each distinct event leaves one row, has its effects once, and the newest decides the end.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from apps.accounts.models import Account
from apps.billing.models import StripeSubscription, Subscription
from apps.ops.jobs import Job
from apps.webhooks.models import Delivery
from tests.ops.jobs.workers import ROOT, Workers, effect_count, effects, workers_on
from tests.servers import OwnRedis, until
from tests.services import free_port
from tests.webhooks.signing import SECRET, event, stripe_header

__all__ = ["effects"]

EVENTS, ACCOUNTS, AT_ONCE = 200, 4, 16
BASE = 1_790_000_000
STATUSES = ("active", "past_due", "trialing", "active", "unpaid")


@contextlib.contextmanager
def web(workers: Workers) -> Iterator[str]:
    """A web server that publishes to the workers' broker; yields where Stripe posts to."""
    port = free_port()
    environment = {
        **workers.environment, "PORT": str(port), "STRIPE_WEBHOOK_SECRETS": SECRET,
        "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    with (
        workers.log.open("ab") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            until(lambda: _answers(f"http://127.0.0.1:{port}/live"), 60)
            yield f"http://127.0.0.1:{port}/webhooks/stripe"
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(url, timeout=5).ok
    return False


@pytest.fixture
def storm(effects, own_redis: OwnRedis) -> Iterator[Workers]:
    with workers_on(own_redis.url) as workers:
        workers.include = "tests.webhooks.storm_kinds"
        for number in range(ACCOUNTS):
            account = Account.objects.create(name=f"account {number}")
            Subscription.objects.create(account=account, customer_id=f"cus_{number}")
        yield workers


def updates() -> list[dict[str, Any]]:
    """Distinct events, a second apart, by turns about each account's subscription."""
    return [
        event(
            "customer.subscription.updated",
            {
                "id": f"sub_{n % ACCOUNTS}",
                "customer": f"cus_{n % ACCOUNTS}",
                "status": STATUSES[n % len(STATUSES)],
                "current_period_end": BASE + n,
            },
            id=f"evt_{n}",
            created=BASE + n,
            n=n,
        )
        for n in range(EVENTS)
    ]


def send(url: str, events: list[dict[str, Any]], times: int) -> Counter[int]:
    """Each several times, shuffled, many at once; counts the answers."""
    order = sorted(
        range(len(events) * times), key=lambda each: hashlib.sha256(b"%d" % each).digest()
    )

    def post(position: int) -> int:
        body = json.dumps(events[position % len(events)]).encode()
        headers = {"Stripe-Signature": stripe_header(body), "Content-Type": "application/json"}
        return requests.post(url, body, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(post, order))


def all_processed() -> bool:
    return Delivery.objects.filter(state="processed").count() == EVENTS


def assert_once_and_newest() -> None:
    assert Delivery.objects.count() == EVENTS
    assert effect_count() == (EVENTS, EVENTS)
    for number in range(ACCOUNTS):
        newest = EVENTS - ACCOUNTS + number
        known = StripeSubscription.objects.get(stripe_id=f"sub_{number}")
        assert known.status == STATUSES[newest % len(STATUSES)]
        assert known.current_period_end is not None
        assert known.current_period_end.timestamp() == BASE + newest


def test_thousand_deliveries_of_two_hundred_events_by_two_workers(storm):
    storm.start()
    storm.start()
    with web(storm) as url:
        assert send(url, updates(), times=5) == {200: 5 * EVENTS}
        until(all_processed, 50)
    assert_once_and_newest()
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_workers_killed_in_the_middle_lose_and_repeat_nothing(storm):
    storm.start()
    storm.start()
    events = updates()
    for each in events[7::40]:
        each["dies"] = "before the commit"
    for each in events[23::40]:
        each["dies"] = "after the commit"
    with web(storm) as url:
        assert send(url, events, times=1) == {200: EVENTS}
        for done in range(15, EVENTS, 90):
            until(lambda done=done: effect_count()[0] >= done, 40)
            storm.kill(storm.running[0])
            storm.start()
        until(all_processed, 50)
    assert_once_and_newest()
    # The proof proves something: deliveries were cut off in the middle, others at their end.
    attempts = dict(Delivery.objects.values_list("event_id", "attempts"))
    assert all(attempts[f"evt_{n}"] > 1 for n in range(7, EVENTS, 40))
    assert Job.objects.filter(state="done", attempts__gt=1).count() > 5


def test_deliveries_while_the_broker_is_down_are_stored_and_done_later(storm, own_redis):
    with web(storm) as url:
        own_redis.kill()
        own_redis.lose_data()
        assert send(url, updates(), times=2) == {200: 2 * EVENTS}
        assert Delivery.objects.filter(state="received").count() == EVENTS
        own_redis.start()
        storm.start()
        until(all_processed, 50)
    assert_once_and_newest()
    until(lambda: not Job.objects.filter(state__in=Job.UNFINISHED).exists(), 20)
