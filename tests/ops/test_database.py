"""A PostgreSQL that goes away: what is repeated, what is not, and what is told."""

import logging
import threading

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.utils import load_backend

from apps.ops import database


@pytest.fixture
def wrapper(own_postgres, django_db_blocker):
    """Django's connection to a server of our own."""
    settings = {
        **connections["default"].settings_dict,
        "ENGINE": "apps.ops.postgresql",
        "NAME": "postgres",
        "USER": "postgres",
        "PASSWORD": "",
        "HOST": "127.0.0.1",
        "PORT": own_postgres.port,
    }
    made = load_backend("apps.ops.postgresql").DatabaseWrapper(settings, "own")
    # Not the database of the suite.
    with django_db_blocker.unblock():
        with made.cursor() as cursor:
            cursor.execute("CREATE TABLE counted (number int)")
        yield made
        made.close()


def rows(wrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM counted")
        return int(cursor.fetchone()[0])


def restart(server) -> None:
    server.stop()
    server.start()


def test_read_is_repeated_on_a_new_connection(wrapper, own_postgres):
    assert rows(wrapper) == 0
    restart(own_postgres)
    assert rows(wrapper) == 0


def test_server_that_is_back_within_a_second_is_waited_for(wrapper, own_postgres, monkeypatch):
    # The waits in proportion to a slow machine.
    monkeypatch.setattr(database, "PAUSES", (1.0, 2.0, 4.0))
    rows(wrapper)
    own_postgres.stop()
    back = threading.Timer(0.5, own_postgres.start)
    back.start()
    assert rows(wrapper) == 0
    back.join()


def test_write_is_not_repeated(wrapper, own_postgres):
    with wrapper.cursor() as cursor:
        restart(own_postgres)
        with pytest.raises(OperationalError):
            cursor.execute("INSERT INTO counted VALUES (1)")
    wrapper.close()
    assert rows(wrapper) == 0


def test_read_that_locks_is_a_write(wrapper, own_postgres):
    with wrapper.cursor() as cursor:
        restart(own_postgres)
        with pytest.raises(OperationalError):
            cursor.execute("SELECT * FROM counted FOR UPDATE")


def test_wrong_name_is_not_tried_again(wrapper, monkeypatch):
    wrapper.close()
    wrapper.settings_dict["NAME"] = "no_such_database"
    monkeypatch.setattr(database, "PAUSES", (60.0,))
    with pytest.raises(OperationalError, match="does not exist"):
        wrapper.ensure_connection()


def test_connection_is_tried_again_while_the_server_starts(wrapper, own_postgres, monkeypatch):
    monkeypatch.setattr(database, "PAUSES", (1.0, 2.0, 4.0))
    wrapper.close()
    own_postgres.stop()
    back = threading.Timer(0.5, own_postgres.start)
    back.start()
    wrapper.ensure_connection()
    assert rows(wrapper) == 0
    back.join()


def lost() -> OperationalError:
    return OperationalError("server closed the connection unexpectedly")


@pytest.mark.django_db(transaction=True)
def test_service_that_may_run_twice_does_when_the_connection_was_lost(monkeypatch):
    monkeypatch.setattr(database, "PAUSES", (0.0, 0.0, 0.0))
    tries = []

    @database.retried
    def serve(value: int) -> int:
        tries.append(value)
        if len(tries) < 4:
            raise lost()
        return value

    assert serve(7) == 7
    assert len(tries) == 4


@pytest.mark.django_db(transaction=True)
def test_service_gives_up_after_three_further_tries(monkeypatch):
    monkeypatch.setattr(database, "PAUSES", (0.0, 0.0, 0.0))
    tries = []

    @database.retried
    def serve() -> None:
        tries.append(1)
        raise lost()

    with pytest.raises(OperationalError):
        serve()
    assert len(tries) == 4


@pytest.mark.django_db
def test_nothing_is_tried_again_inside_a_transaction():
    tries = []

    @database.retried
    def serve() -> None:
        tries.append(1)
        raise lost()

    with pytest.raises(OperationalError), transaction.atomic():
        serve()
    assert tries == [1]


def test_all_waits_together_stay_below_a_second():
    assert 0 < sum(database.pauses()) < 1
    assert len(list(database.pauses())) == 3


@pytest.mark.django_db(transaction=True)
def test_watch_tells_once_that_it_is_gone_and_once_that_it_is_back(monkeypatch, caplog):
    caplog.set_level(logging.WARNING, "apps.ops.database")

    def refuse() -> None:
        raise lost()

    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", refuse)
        database.watch()
        database.watch()
    database.watch()
    database.watch()
    told = [each.getMessage() for each in caplog.records]
    assert told == ["the database does not answer", "the database answers again"]
