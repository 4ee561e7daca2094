"""A copy of the database really brings everything back, on the real server with its own tools."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from apps.ops import backups
from apps.ops.backups import BackupError, backup_make
from tests.cast import person
from tests.services import find_postgres

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def tools_of_the_wheel(monkeypatch):
    """The server may be newer than the system's tools; those of its own wheel fit."""
    binaries = find_postgres()
    if binaries:
        monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def filled(account):
    from apps.workflows.samples import sample
    from apps.workflows.services import analysis_create

    someone = person("dora", account, "owner")
    for name in ("critical", "healthy"):
        analysis_create(account=account, user=someone.user, definition=sample(name))
    account.name = "Ünïcode \\ 'quotes' \t \u202e"
    account.save(update_fields=["name"])


def server(dbname: str) -> psycopg.Connection:
    found = connection.settings_dict
    return psycopg.connect(
        host=found["HOST"] or None, port=found["PORT"] or None, user=found["USER"] or None,
        password=found["PASSWORD"] or None, dbname=dbname, autocommit=True,
    )  # fmt: skip


@pytest.fixture
def empty_database():
    name = f"{connection.settings_dict['NAME']}_restored"
    with server("postgres") as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield name
    with server("postgres") as admin:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        admin.execute(drop.format(sql.Identifier(name)))


def content(dbname: str) -> dict[str, object]:
    """Every row of every table, every constraint and index, and where sequences stand."""
    with server(dbname) as database:
        tables = [row[0] for row in database.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )]  # fmt: skip
        found: dict[str, object] = {
            table: database.execute(
                sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table))
            ).fetchall()
            for table in tables
        }
        for name, query in {
            # By name: conditions are written in other words after a restore, with one meaning.
            "constraints": "SELECT conname, contype FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
            "indexes": "SELECT indexname, tablename FROM pg_indexes "
            "WHERE schemaname = 'public' ORDER BY 1",
            "sequences": "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1",
        }.items():
            found[name] = database.execute(query).fetchall()
        return found


def restore(copy: Path, dbname: str) -> None:
    """As docs/deployment.md says."""
    _, tool = backups._tools()
    arguments, environment = backups._address({**connection.settings_dict, "NAME": dbname})
    command = [str(tool), "--no-owner", "--exit-on-error", *arguments, str(copy)]
    subprocess.run(command, env={**os.environ, **environment}, check=True, timeout=60)


def test_restored_copy_is_the_same_row_by_row(filled, tmp_path, empty_database):
    copy = backup_make(tmp_path, keep=3)
    before = content(connection.settings_dict["NAME"])
    restore(copy, empty_database)
    after = content(empty_database)
    assert after == before
    assert len(before["workflows_analysis"]) == 2  # type: ignore[arg-type]
    assert len(before) > 20


def test_success_touches_its_mark_and_leaves_nothing_unfinished(filled, tmp_path):
    copy = backup_make(tmp_path, keep=3)
    assert {each.name for each in tmp_path.iterdir()} == {copy.name, backups.MARK}


def test_oldest_copies_beyond_the_number_are_dropped(filled, tmp_path):
    for day in range(1, 6):
        (tmp_path / f"workflow-debugger-2020010{day}T000000Z.dump").touch()
    (tmp_path / "something-else.dump").touch()
    copy = backup_make(tmp_path, keep=3)
    kept = sorted(each.name for each in tmp_path.glob("workflow-*.dump"))
    assert kept[-1] == copy.name
    assert kept[0] == "workflow-debugger-20200104T000000Z.dump"
    assert (tmp_path / "something-else.dump").exists()


def test_failure_drops_no_former_copy_and_touches_no_mark(monkeypatch, tmp_path):
    (tmp_path / "workflow-debugger-20200101T000000Z.dump").touch()
    connection.ensure_connection()
    with monkeypatch.context() as changed:
        changed.setitem(connection.settings_dict, "NAME", "no_such_database")
        with pytest.raises(BackupError, match="no_such_database"):
            backup_make(tmp_path, keep=1)
    assert [each.name for each in tmp_path.iterdir()] == ["workflow-debugger-20200101T000000Z.dump"]


def test_password_is_no_argument_of_the_tools():
    arguments, environment = backups._address(
        {"NAME": "d", "HOST": "h", "PASSWORD": "hunter2", "OPTIONS": {"sslmode": "require"}}
    )
    assert "hunter2" not in arguments
    assert (environment["PGPASSWORD"], environment["PGSSLMODE"]) == ("hunter2", "require")


def test_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup_database", str(tmp_path / "file"))


def test_command_refuses_to_keep_nothing(tmp_path):
    with pytest.raises(CommandError, match="at least one"):
        call_command("backup_database", str(tmp_path), keep=0)
