"""The Procfile's processes together, in production mode, and what `check_deployment` says there."""

import base64
import contextlib
import json
import os
import re
import secrets
import socket

from tests.deployment import platform
from tests.deployment.router import routing
from tests.ops.deployment.player import certificate
from tests.ops.receiver import receiving
from tests.servers import OwnRedis
from tests.services import find_postgres, free_port

#: What says how busy or full this machine is, and not how the service is deployed.
OF_THE_MACHINE = {
    "cache",
    "database-reachable",
    "disk-space",
    "live-health",
    "live-response-times",
    "open-files",
    "python-version",
}


def production(database_url: str, redis_url: str, https: int, behind: int) -> dict[str, str]:
    """Every setting that a careful deployment makes; no billing and no HighLevel."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "FRONTEND_URL": f"https://127.0.0.1:{https}",
        "TRUSTED_PROXY_COUNT": "1",
        "PORT": str(behind),
        "WEB_CONCURRENCY": "2",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "CELERY_BROKER_URL": redis_url.rpartition("/")[0] + "/1",
        "MONITORING_TOKEN": secrets.token_urlsafe(24),
        "TOKEN_ENCRYPTION_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "EMAIL_URL": "smtp+tls://user:password@127.0.0.1:1",
        "DEFAULT_FROM_EMAIL": "Workflow Debugger <noreply@example.com>",
        "ALERT_EMAILS": "operator@example.com",
        "NOTIFICATION_URLS": "json://127.0.0.1:1/alerts",
    }


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


#: Not configured here; and an address with a port has no http beside it.
SKIPPED = {
    "highlevel-addresses",
    "highlevel-app",
    "https-redirect",
    "stripe-key",
    "stripe-prices",
    "stripe-webhooks",
}


def test_processes_of_the_procfile_make_a_sound_deployment(own_database, tmp_path):
    folder = platform.clean_copy(tmp_path / "clone")
    context = certificate(tmp_path, days=90)
    https, behind = free_port(), free_port()
    with contextlib.closing(OwnRedis()) as redis, receiving() as watcher:
        redis.start()
        environment = production(own_database, redis.url, https, behind)
        environment["SENTRY_DSN"] = f"http://key@127.0.0.1:{watcher.port}/1"
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{watcher.port}"
        environment["BACKUP_STATUS"] = str(tmp_path / "backups/last-success")
        environment["REQUESTS_CA_BUNDLE"] = str(tmp_path / "ca.pem")
        release(folder, environment, tmp_path)
        checked, ended = serve_and_check(
            folder, environment, tmp_path, routing(context, to=behind, port=https)
        )
    told = f"{checked.stderr}\n{(tmp_path / 'web.log').read_text()[-3000:]}"
    found = {check["id"]: check["status"] for check in json.loads(checked.stdout)["checks"]}
    wrong = {each for each, status in found.items() if status in {"fail", "warn"}}
    assert wrong <= OF_THE_MACHINE, told
    assert checked.returncode == 0, told
    assert {each for each, status in found.items() if status == "skip"} == SKIPPED
    assert ended == (0, 0), told
    # From the forked web processes; and no error came up meanwhile.
    assert {path for path, _ in watcher.posts} == {"/v1/traces"}, told


def release(folder, environment: dict[str, str], home) -> None:
    tools = {"PATH": f"{find_postgres()}{os.pathsep}{platform.with_tools({})['PATH']}"}
    for command in (
        "python manage.py collectstatic --noinput",
        platform.procfile(folder)["release"],
        f"python manage.py backup_database {home}/backups",
    ):
        done = platform.run(command, folder, {**environment, **tools})
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def serve_and_check(folder, environment: dict[str, str], home, router):
    """What the deployment check said, and how the web and the worker process ended."""
    process = platform.procfile(folder)
    behind = int(environment["PORT"])
    with (
        platform.running(process["web"], folder, environment, home / "web.log") as web,
        platform.running(process["worker"], folder, environment, home / "worker.log") as worker,
        router as url,
    ):
        platform.until(lambda: web.poll() is not None or answers(behind))
        platform.until(lambda: worker.poll() is not None or _is_up(home / "worker.log"))
        command = f"python manage.py check_deployment --url {url} --format json --fail-under 90"
        checked = platform.run(command, folder, environment)
    return checked, (web.returncode, worker.returncode)


def _is_up(log) -> bool:
    return bool(re.search(r"ready\.", log.read_text()))
