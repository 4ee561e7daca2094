"""How many workflows a second a scan gets through, with one worker process and with two."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

from tests.deployed import ROOT, Service, served
from tests.servers import OwnRedis, until

#: More than are looked at together, so that there are several jobs to share.
WORKFLOWS = 3_000
_MOST_SECONDS = 300

SEED = """
import copy, json
from apps.accounts.models import Account
from apps.workflows.platforms.loading import documents
from apps.workflows.samples import sample
from apps.workflows.services import workflow_import
account = Account.objects.get(name="Demo Agency")
for n in range({count}):
    definition = copy.deepcopy(sample("healthy"))
    definition["workflow"] |= {{"_id": f"bench-{{n:05}}", "name": f"Bench {{n}}"}}
    file = documents(json.dumps(definition).encode(), "bench.json")
    workflow_import(account=account, documents=file)
"""


def measure() -> dict[str, float]:
    """Workflows a second, waiting and the summary included, by number of worker processes."""
    return {str(processes): _rate(processes) for processes in (1, 2)}


def _rate(processes: int) -> float:
    broker = OwnRedis()
    broker.start()
    try:
        with served(CELERY_BROKER_URL=broker.url) as service, _worker(service, processes):
            service.manage("shell", "--no-imports", "-c", SEED.format(count=WORKFLOWS))
            started = time.monotonic()
            scan = _ask(service, "POST", "/api/scans")
            path = f"/api/scans/{scan['id']}"
            until(lambda: _ask(service, "GET", path)["state"] == "done", _MOST_SECONDS)
            return float(_ask(service, "GET", path)["done"] / (time.monotonic() - started))
    finally:
        broker.close()


@contextlib.contextmanager
def _worker(service: Service, processes: int) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "--app", "config.celery", "worker"]
    options = ["--concurrency", str(processes), "--loglevel", "WARNING"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        [*command, *options], cwd=ROOT, env=service.environment, stdout=quiet, stderr=quiet
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def _ask(service: Service, method: str, path: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {service.token}", "Content-Type": "application/json"}
    body = b"{}" if method == "POST" else None
    request = urllib.request.Request(service.address + path, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        data: dict[str, Any] = json.load(answer)["data"]
        return data
