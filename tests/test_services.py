"""Which servers the suite runs on."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests import services


def test_given_address_that_answers_is_taken_first():
    assert services.choose(["given", "local"], lambda url: True) == "given"


def test_local_server_is_taken_when_the_given_one_is_silent():
    assert services.choose(["given", "local"], lambda url: url == "local") == "local"


def test_local_server_is_taken_when_none_is_given():
    assert services.choose(["", "local"], lambda url: True) == "local"


def test_own_server_is_needed_when_nothing_answers():
    assert services.choose(["given", "local"], lambda url: False) is None


@pytest.mark.parametrize(
    "url", ["sqlite:///x", "", "postgres://127.0.0.1:1/x", "postgres://[", "redis://127.0.0.1"]
)
def test_what_is_no_running_postgresql_does_not_answer(url):
    assert not services.postgres_answers(url)


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1:1/0", "http://127.0.0.1", "redis://h:x/0"])
def test_what_is_no_running_redis_does_not_answer(url):
    assert not services.redis_answers(url)


def test_two_runs_on_one_server_use_two_databases():
    url = "postgres://u:p%40@db:5433/shop?sslmode=require"
    first, second = services.own_database(url), services.own_database(url)
    assert first != second
    assert first.startswith("postgres://u:p%40@db:5433/workflow_debugger_")
    assert first.endswith("?sslmode=require")


def test_only_databases_of_this_run_are_dropped_after_it():
    server = os.environ["DATABASE_URL"]
    ours, other = services.own_database(server), services.own_database(server)
    names = [f"test_{urlsplit(ours).path[1:]}_gw0", f"test_{urlsplit(other).path[1:]}"]
    postgres = urlunsplit(urlsplit(server)._replace(path="/postgres"))
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        services.drop_leftovers(ours)
        rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        services.drop_leftovers(other)
    left = {name for (name,) in rows}
    assert names[0] not in left
    assert names[1] in left


def test_database_with_a_name_of_others_is_never_dropped():
    services.drop_leftovers("postgres://127.0.0.1:1/shop")


def test_redis_of_others_is_used_in_a_high_database():
    assert services.own_redis_database("redis://:pw@h:6380/0") == "redis://:pw@h:6380/15"


def test_own_servers_start_and_leave_nothing_behind():
    script = (
        "from pathlib import Path; from tests import services as s; "
        "pg, r = s.start_postgres(), s.start_redis(); "
        "assert s.postgres_answers(pg) and s.redis_answers(r); print(pg, r)"
    )
    root = Path(__file__).resolve().parents[1]
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    postgres, redis = ended.stdout.split()
    assert not services.postgres_answers(postgres)
    assert not services.redis_answers(redis)


def test_status_of_the_command_is_the_status_of_the_run(monkeypatch):
    monkeypatch.setattr(services, "prepare", dict)
    assert services.main([sys.executable, "-c", "raise SystemExit(3)"]) == 3
