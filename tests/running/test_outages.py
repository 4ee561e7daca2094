"""The service as deployed while its servers are killed, restarted and signalled."""

from __future__ import annotations

import itertools
import signal
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from apps.workflows.samples import sample
from tests.deployed import Service, served
from tests.running.load import Answer, Flow, ask, ask_many, statuses
from tests.servers import OwnRedis, until

RULE = "/api/rules/insecure-url"
LIMIT = 60


@pytest.fixture(scope="module")
def redis_server() -> Iterator[OwnRedis]:
    server = OwnRedis()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def service(redis_server: OwnRedis) -> Iterator[Service]:
    """One for all tests that leave it running."""
    settings = {"RATE_LIMIT_READ": f"{LIMIT}/h", "TRUSTED_PROXY_COUNT": "1"}
    with served(REDIS_URL=redis_server.url, WEB_CONCURRENCY="2", **settings) as running:
        yield running


def watch(service: Service, path: str) -> Any:
    token = service.environment["MONITORING_TOKEN"]
    return ask(service.address, path, headers={"Authorization": f"Bearer {token}"}).json


def total(service: Service) -> int:
    return int(watch(service, "/health/metrics")["totalRequests"])


_visitors = itertools.count()


def visitor(service: Service, path: str = RULE, client: str = "") -> Answer:
    """A request from an address of its own, unless one is given."""
    number = next(_visitors)
    address = client or f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return ask(service.address, path, headers={"X-Forwarded-For": address})


def test_redis_may_go_and_come_back_during_five_thousand_requests(service, redis_server):
    done, before = threading.Semaphore(0), total(service)

    def send(number: int) -> Answer:
        # Every tenth request is one client's.
        answer = visitor(service, client="" if number % 10 else "198.51.100.1")
        done.release()
        return answer

    def outage() -> None:
        for number in range(3000):
            done.acquire()
            if number == 1500:
                redis_server.kill()
        redis_server.start()

    plan = threading.Thread(target=outage)
    plan.start()
    answers = ask_many(send, 5000)
    plan.join()
    assert set(statuses(answers)) == {200, 429}
    hammering = [answer.status for answer in answers[::10]]
    # Without Redis the processes go on from what each knew of the others' requests until then.
    assert LIMIT <= hammering.count(200) <= LIMIT + 8
    assert set(hammering[-100:]) == {429}
    assert {each.status for number, each in enumerate(answers) if number % 10} == {200}
    until(lambda: watch(service, "/api/monitoring/redis")["mode"] == "redis")
    assert watch(service, "/api/monitoring/redis")["reconnects"] >= 1
    assert total(service) - before == 5000


def test_sessions_survive_a_redis_that_loses_everything(service, redis_server):
    key = service.manage("shell", "--no-imports", "-c", _SIGN_IN).strip()

    def send(_: int) -> Answer:
        return ask(service.address, "/api/history", headers={"Cookie": f"sessionid={key}"})

    assert statuses(ask_many(send, 15)) == {200: 15}
    redis_server.kill()
    assert statuses(ask_many(send, 15)) == {200: 15}
    redis_server.lose_data()
    redis_server.start()
    assert statuses(ask_many(send, 20)) == {200: 20}


_SIGN_IN = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from importlib import import_module
from apps.accounts.models import User
user = User.objects.get(email="owner@demo.test")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


def test_postgresql_may_be_restarted_under_load(own_postgres, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", own_postgres.url)
    with served() as service:
        mine = {"Authorization": f"Bearer {service.token}"}
        body, posted = {"definition": sample("medium")}, list[Answer]()

        def send(number: int) -> Answer:
            if number % 4:
                return ask(service.address, "/api/history?pageSize=1", headers=mine)
            answer = ask(service.address, "/api/analyze", "POST", mine, body)
            posted.append(answer)
            return answer

        before = ask(service.address, "/api/history", headers=mine).json["meta"]["pagination"]
        flow = Flow(send)
        for _ in range(2):
            time.sleep(1.5)
            own_postgres.stop()
            time.sleep(1)
            own_postgres.start()
        time.sleep(1.5)
        answers = flow.stop()
        assert set(statuses(answers)) <= {200, 503}
        for answer in answers:
            if answer.status == 503:
                assert answer.json["error"]["code"] == "database_unavailable"
                assert int(answer.headers["Retry-After"]) >= 1
        after = ask_many(lambda _: ask(service.address, "/api/history", headers=mine), 20)
        assert statuses(after) == {200: 20}
        stored = after[0].json["meta"]["pagination"]["total"] - before["total"]
        assert stored >= statuses(posted)[200]
        assert ask(service.address, "/ready").status == 200


def test_thousand_requests_over_two_processes_count_as_a_thousand(service):
    before = total(service)
    assert statuses(ask_many(lambda _: visitor(service), 1000)) == {200: 1000}
    assert total(service) - before == 1000
    found = {watch(service, "/health/detailed")["process"]["pid"] for _ in range(60)}
    assert len(found) == 2


def test_thousand_connections_at_once_are_all_answered(service):
    where = (str(urlsplit(service.address).hostname), int(urlsplit(service.address).port or 0))
    connections = [socket.create_connection(where, timeout=50) for _ in range(1000)]
    for number, connection in enumerate(connections):
        address = f"172.16.{number >> 8}.{number & 255}"
        head = f"GET {RULE} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\n"
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
    answers = []
    for connection in connections:
        with connection:
            answers.append(b"".join(iter(lambda: connection.recv(65536), b"")))  # noqa: B023
    assert [each for each in answers if not each.startswith(b"HTTP/1.1 200 ")] == []


def test_rolling_restart_under_load_loses_no_request_and_no_figure(service):
    before = total(service)
    flow = Flow(lambda _: visitor(service))
    for _ in range(2):
        time.sleep(1.5)
        service.process.send_signal(signal.SIGHUP)
    time.sleep(2)
    answers = flow.stop()
    assert len(answers) > 100
    assert set(statuses(answers)) == {200}
    assert total(service) - before == len(answers)


def test_limits_are_exact_over_processes_without_any_redis():
    with served(REDIS_URL="", WEB_CONCURRENCY="3", RATE_LIMIT_READ="50/h") as running:
        answers = ask_many(lambda _: ask(running.address, RULE), 300, at_once=12)
        assert statuses(answers) == {200: 50, 429: 250}


def test_sigterm_under_load_loses_no_request():
    with served() as service:
        told: list[Answer] = []

        def router() -> bool:
            """As a platform's router does it: no new requests once /ready says no."""
            told.append(ask(service.address, "/ready"))
            return told[-1].status == 200

        flow = Flow(lambda _: ask(service.address, "/api/rules"))
        time.sleep(1)
        assert router()
        service.process.send_signal(signal.SIGTERM)
        until(lambda: not router(), 5)
        answers = flow.stop()
        assert told[-1].json["draining"] is True
        assert len(answers) > 20
        assert set(statuses(answers)) == {200}
        assert service.process.wait(30) == 0


def test_clients_that_stop_in_the_middle_keep_nobody_out_for_long(service):
    where = (str(urlsplit(service.address).hostname), int(urlsplit(service.address).port or 0))
    before = total(service)
    stopped = [socket.create_connection(where, timeout=50) for _ in range(40)]
    for number, connection in enumerate(stopped):
        head = b"POST /api/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"
        connection.sendall(head if number % 2 else b"GET / HTTP/1.1\r\nHos")
    assert ask(service.address, "/live").status == 200
    for connection in stopped:
        connection.close()
    # Those with whole headers were requests, if bad ones.
    until(lambda: total(service) - before == 20)
