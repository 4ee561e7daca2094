"""Jobs in the web process: where no broker is, gunicorn's workers take up what waits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests import services
from tests.servers import until

ROOT = Path(__file__).resolve().parents[3]
#: A retry that is due, a job whose process died, one whose time has not come.
LEFT_BEHIND = """
import datetime, uuid, django
django.setup()
from django.utils import timezone
from apps.ops.jobs import Job
now, hour = timezone.now(), datetime.timedelta(hours=1)
common = {"kind": "ops.prune_jobs", "queue": "default", "request_id": str(uuid.uuid4())}
Job.objects.create(**common)
Job.objects.create(**common, state="failed", attempts=1, run_at=now)
dead = {"state": "running", "attempts": 1, "claim": uuid.uuid4()}
Job.objects.create(**common, **dead, lease_until=now - hour)
Job.objects.create(**common, run_at=now + hour)
"""


@pytest.fixture
def service(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "k" * 40,
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "PORT": str(services.free_port()),
        "WEB_CONCURRENCY": "2",
        "JOB_LEASE_SECONDS": "2",
    }

    def run(*command: str) -> None:
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)

    run("manage.py", "migrate", "--verbosity", "0")
    run("-c", LEFT_BEHIND)
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
    try:
        yield f"http://127.0.0.1:{environment['PORT']}"
    finally:
        process.terminate()
        process.wait()
        log.close()


def report(service: str) -> dict:
    try:
        return requests.get(f"{service}/health/workers", timeout=5).json()
    except requests.ConnectionError:
        return {"workers": {"alive": 0}, "jobs": {}}


def test_web_processes_take_up_what_was_left_behind(service):
    until(lambda: report(service)["workers"]["alive"] == 2, 60)
    until(lambda: report(service)["jobs"]["done"] >= 3, 30)
    found = report(service)["jobs"]
    assert (found["failed"], found["dead"], found["running"]) == (0, 0, 0)
    assert found["queued"] == 1
