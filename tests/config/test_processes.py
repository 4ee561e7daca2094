"""The doors as processes: which ones open in which environment."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {"PATH": os.environ["PATH"], "ENV_FILE": "", **environment}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60
    )


def test_checks_run_in_an_empty_environment():
    assert run("manage.py", "check").returncode == 0


@pytest.mark.parametrize("door", ["config.wsgi", "config.celery", "config.gunicorn"])
def test_doors_that_serve_stay_shut_without_a_secret_key(door):
    ended = run("-c", f"import {door}")
    assert ended.returncode == 1
    assert "SECRET_KEY: it is missing. Fix:" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("door", ["config.wsgi", "config.celery", "config.gunicorn"])
def test_doors_that_serve_open_with_a_secret_key(door):
    assert run("-c", f"import {door}", SECRET_KEY="k" * 40).returncode == 0


def test_every_command_refuses_a_wrong_value():
    ended = run("manage.py", "check", DATABASE_URL="mysql://h/d", PORT="x")
    assert ended.returncode == 1
    assert "DATABASE_URL" in ended.stderr
    assert "PORT" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_serve_refuses_to_run_outside_debug():
    ended = run("manage.py", "serve", SECRET_KEY="k" * 40)
    assert ended.returncode == 1
    assert "gunicorn" in ended.stderr


def test_serve_says_that_the_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = run("manage.py", "serve", DEBUG="true", ALLOW_DEBUG="true", PORT=port)
    assert ended.returncode == 1
    assert f"Port {port} is in use" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_core_packages_import_without_django():
    code = (
        "import sys; sys.modules['django'] = None; "
        "import apps.workflows; print(sorted(m for m in sys.modules if m.startswith('apps')))"
    )
    assert run("-c", code).stdout.strip() == "['apps', 'apps.workflows']"


def test_request_that_gunicorn_refuses_itself_fails_in_the_envelope(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": "",
        "SECRET_KEY": "k" * 40,
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            answer = _send_when_ready(port, b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n")
        finally:
            server.terminate()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 414 ")
    assert b"Content-Type: application/json" in head
    failure = json.loads(body)
    assert failure["error"]["code"] == "validation_error"
    assert failure["meta"]["requestId"].encode() in head


def _send_when_ready(port: int, request: bytes) -> bytes:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(request)
                return b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server did not start")
