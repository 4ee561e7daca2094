"""The figures: what is counted, how exactly, and who may see them."""

import logging
import os
import re
import time
from multiprocessing import get_context

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.ops.metrics import machines, middleware, summary
from apps.ops.metrics.store import BOUNDS, LATEST, OVERFLOW, ROWS, Row, Store

MONITORING = ["/api/monitoring/performance", "/api/monitoring/endpoints", "/api/monitoring/redis"]
FIGURES = ["/metrics", "/health/metrics"]


@pytest.fixture
def store(monkeypatch, tmp_path):
    """Figures of this test alone, shared below a folder as in production."""
    fresh = Store()
    fresh.share(tmp_path)
    for module in (machines, middleware):
        monkeypatch.setattr(module, "STORE", fresh)
    yield fresh
    fresh.close()


@pytest.fixture
def alone(settings):
    """No other machine."""
    settings.REDIS_URL = ""


def total(client, path="/health/metrics"):
    return client.get(path).json()


def test_requests_are_counted_by_method_status_and_code(store, alone, monitoring):
    client = Client()
    for _ in range(3):
        client.get("/api/rules")
    client.get("/api/nothing")
    client.post("/api/rules")
    client.generic("BREW", "/api/rules")
    found = total(monitoring)
    assert found["totalRequests"] == 6
    assert found["byMethod"] == {"GET": 4, "OTHER": 1, "POST": 1}
    assert found["byStatus"] == {"200": 3, "404": 1, "405": 2}
    assert found["errorsByType"] == {"not_found": 1, "method_not_allowed": 2}
    times = found["responseTime"]
    assert 0 < times["min"] <= times["p50"] <= times["p95"] <= times["p99"] <= times["max"]


@pytest.mark.parametrize(
    "path", ["/live", "/ready", "/health", "/health/detailed", "/metrics", *MONITORING]
)
@pytest.mark.django_db
def test_those_who_only_look_are_in_no_figure(store, alone, monitoring, path):
    monitoring.get(path)
    assert total(monitoring)["totalRequests"] == 0


@pytest.mark.django_db
def test_routes_are_patterns_and_never_paths(store, alone, monitoring, alice, analysis):
    alice.client.get(f"/api/analysis/{analysis.pk}")
    alice.client.get("/api/rules/insecure-url")
    Client().get("/wp-login.php")
    rows = monitoring.get("/api/monitoring/endpoints").json()["endpoints"]
    routes = {row["route"]: row for row in rows}
    assert set(routes) == {"/api/analysis/{pk}", "/api/rules/{rule_id}", "(no route)"}
    assert routes["/api/analysis/{pk}"]["queries"] >= 2
    assert routes["/api/rules/{rule_id}"]["queries"] <= 2


def test_request_refused_before_its_view_counts_for_its_route(store, alone, monitoring, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (0, 60))
    Client().get("/api/rules/insecure-url")
    (row,) = monitoring.get("/api/monitoring/endpoints").json()["endpoints"]
    assert (row["route"], row["byStatus"]) == ("/api/rules/{rule_id}", {"429": 1})


@pytest.mark.urls("tests.ops.urls")
def test_unhandled_errors_are_counted_as_such(store, alone, monitoring):
    Client(raise_request_exception=False).get("/plain/unknown")
    found = total(monitoring)
    assert (found["byStatus"], found["errorsByType"]) == ({"500": 1}, {"internal_error": 1})
    assert found["errorRate"] == 1


def test_performance_tells_the_latest_and_the_whole_window(store, alone, monitoring):
    for number in range(LATEST + 200):
        store.record("200 GET /a", 2.0 if number < 100 else 0.01, 1, 0.0)
    store.record("500 GET /b", 6.0, 0, 4096.0)
    found = monitoring.get("/api/monitoring/performance").json()
    assert (found["totalRequests"], found["slow"], found["verySlow"]) == (LATEST + 201, 101, 1)
    assert found["recent"]["requests"] == LATEST
    assert (found["recent"]["slow"], found["recent"]["verySlow"]) == (1, 1)
    assert found["recent"]["slowest"][0]["route"] == "/b"
    assert found["errorRate"] == pytest.approx(1 / (LATEST + 201), abs=1e-4)
    assert found["memory"]["growth"] == 4096


def test_prometheus_text_says_the_same_as_the_json(store, alone, monitoring):
    for _ in range(5):
        Client().get("/api/rules")
    text = monitoring.get("/metrics").content.decode()
    labels = 'method="GET",route="/api/rules"'
    assert f'workflow_debugger_requests_total{{{labels},status="200"}} 5.0' in text
    assert f"workflow_debugger_request_seconds_count{{{labels}}} 5.0" in text
    assert f'workflow_debugger_request_seconds_bucket{{le="+Inf",{labels}}} 5.0' in text
    values = re.findall(rf"seconds_bucket{{le=\"[^+]*\",{labels}}} ([\d.]+)", text)
    assert sorted(map(float, values)) == list(map(float, values))


@pytest.mark.parametrize("path", [*MONITORING, *FIGURES])
@pytest.mark.django_db
def test_figures_are_for_watchers(path, alice, anonymous, monitoring):
    assert anonymous.get(path).status_code == 401
    assert anonymous.get(path).json()["error"]["code"] == "not_authenticated"
    assert alice.client.get(path).status_code == 403
    assert monitoring.get(path).status_code == 200
    wrong = APIClient(HTTP_AUTHORIZATION="Bearer a-monitoring-tokem")
    assert wrong.get(path).status_code == 401
    alice.user.is_staff = True
    alice.user.save()
    assert alice.client.get(path).status_code == 200
    browser = Client()
    browser.force_login(alice.user)
    assert browser.get(path).status_code == 200
    assert browser.post(path).status_code == 405


@pytest.mark.parametrize(("path", "status"), [*((p, 200) for p in FIGURES), (MONITORING[0], 401)])
@pytest.mark.django_db
def test_metrics_are_open_where_one_debugs(path, status, settings, anonymous):
    settings.DEBUG = True
    assert anonymous.get(path).status_code == status


@pytest.mark.django_db
def test_empty_monitoring_token_opens_nothing(anonymous):
    anonymous.credentials(HTTP_AUTHORIZATION="Bearer ")
    assert anonymous.get("/metrics").status_code == 401


@pytest.mark.django_db
def test_state_of_redis(monitoring):
    found = monitoring.get("/api/monitoring/redis").json()
    assert (found["connected"], found["mode"]) == (True, "redis")
    assert found["roundTripMs"] > 0
    assert set(found["pool"]) == {"idle", "inUse", "max"}


@pytest.mark.parametrize(
    ("seconds", "level"), [(1.1, logging.WARNING), (5.1, logging.ERROR), (0.9, None)]
)
def test_slow_requests_are_logged_with_their_context(store, caplog, monkeypatch, seconds, level):
    ticks = iter([100.0, 100.0 + seconds])
    monkeypatch.setattr(middleware, "time", type("T", (), {"perf_counter": lambda: next(ticks)}))
    Client().get("/api/rules/insecure-url?secret=1")
    found = [each for each in caplog.records if each.name == "apps.slow"]
    assert [each.levelno for each in found] == ([level] if level else [])
    if found:
        assert vars(found[0])["route"] == "/api/rules/{rule_id}"
        assert vars(found[0])["queries"] == 0
        assert "secret" not in str(vars(found[0])["path"])


def _work(folder, times):
    own = Store()
    own.share(folder)
    for _ in range(times):
        own.record("200 GET /a", 0.01, 0, 0.0)
        own.count("not_found")


def test_processes_count_exactly_and_leave_their_figures_behind(tmp_path, store):
    context = get_context("fork")
    for _ in range(2):
        workers = [context.Process(target=_work, args=(tmp_path, 250)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    found = store.figures()
    assert found.rows["200 GET /a"].count == 2000
    assert found.counters["not_found"] == 2000
    # The second four went on in the slots of the first.
    assert len(list(tmp_path.glob("slot-*"))) <= 4


def test_machines_add_up_and_a_silent_one_drops_out(settings, store, monitoring, monkeypatch):
    settings.SECRET_KEY = f"key-of-this-test-{os.getpid()}-{time.time_ns()}"
    other = Store()
    other.record("200 GET /a", 0.5, 1, 0.0)
    monkeypatch.setattr(machines, "STORE", other)
    monkeypatch.setattr(machines, "SILENT_SECONDS", 2)
    machines.publish()
    monkeypatch.setattr(machines, "STORE", store)
    store.record("200 GET /a", 0.1, 1, 0.0)
    assert machines.figures().rows["200 GET /a"].count == 2
    assert total(monitoring)["totalRequests"] == 2
    monkeypatch.setattr(machines, "STORE", other)
    machines.leave()
    monkeypatch.setattr(machines, "STORE", store)
    assert total(monitoring)["totalRequests"] == 1


def test_only_one_process_of_a_machine_publishes(settings, store, monkeypatch):
    settings.SECRET_KEY = f"key-of-this-test-{os.getpid()}-{time.time_ns()}"
    held = store.hold("publisher")
    assert held is not None
    monkeypatch.setattr(machines, "_publisher", None)
    store.record("200 GET /a", 0.1, 1, 0.0)
    machines.publish()
    other = Store()
    monkeypatch.setattr(machines, "STORE", other)
    assert machines.figures().rows == {}
    os.close(held)
    other.close()


def test_more_routes_than_there_is_room_for_are_counted_together():
    store = Store()
    for number in range(ROWS + 50):
        store.record(f"200 GET /{number}", 0.1, 0, 0.0)
    rows = store.figures().rows
    assert len(rows) == ROWS
    assert rows[OVERFLOW].count == 51
    assert sum(row.count for row in rows.values()) == ROWS + 50


def test_least_and_most_of_two_rows():
    one, other = Row(count=1, least=0.2, most=0.3), Row(count=1, least=0.1, most=0.9)
    one.add(other)
    one.add(Row())
    assert (one.count, one.least, one.most) == (2, 0.1, 0.9)


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_percentiles_are_within_a_tenth_of_the_truth(share):
    store = Store()
    times = [0.001 * 1.01**number for number in range(700)]
    for seconds in times:
        store.record("200 GET /a", seconds, 0, 0.0)
    found = summary.percentile(store.figures().rows["200 GET /a"], share)
    assert found == pytest.approx(times[int(share * 700) - 1], rel=0.1)


@pytest.mark.parametrize("seconds", [0.0, BOUNDS[0], BOUNDS[-1], 500.0])
def test_percentile_of_one_request_is_its_time(seconds):
    store = Store()
    store.record("200 GET /a", seconds, 0, 0.0)
    row = store.figures().rows["200 GET /a"]
    assert summary.percentile(row, 0.5) == seconds
    assert summary.percentile(Row(), 0.5) == 0
