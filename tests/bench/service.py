"""The service under gunicorn as deployed, beside a bare Django and a bare DRF view in one run."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import psutil

from apps.workflows.samples import sample_text
from tests.bench import scanning
from tests.bench.load import Load, Seen, send
from tests.bench.scanning import SEED
from tests.deployed import ROOT, Service, served, wait_until_it_answers
from tests.services import free_port

SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = 3
WORKFLOWS = 1_000
_PLAIN = "bare Django view"
_REST = "bare DRF view"
_MEASURED = "bare Django view, with figures"


@contextlib.contextmanager
def bare(**settings: str) -> Iterator[str]:
    """The bare views under the same gunicorn with the same configuration."""
    port = free_port()
    environment = {**os.environ, "SECRET_KEY": "b" * 40, "ENV_FILE": "", "PORT": str(port)}
    environment |= settings
    command = [sys.executable, "-m", "gunicorn", "--config", "tests/bench/bare_gunicorn.py"]
    quiet = subprocess.DEVNULL
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [*command, "tests.bench.bare"], cwd=ROOT, env=environment, stdout=quiet, stderr=quiet
    ) as process:
        try:
            wait_until_it_answers(f"{address}/plain", process)
            yield address
        finally:
            process.terminate()


def loads(token: str) -> list[Load]:
    mine = {"Authorization": f"Bearer {token}"}
    posts = {**mine, "Content-Type": "application/json"}
    return [
        Load("GET /live", "/live", {}),
        Load("GET /api/workflows, cached", "/api/workflows?pageSize=20", mine),
        Load("GET /api/workflows, not cached", "/api/workflows?search=Bench+{n}", mine),
        Load("GET /api/history", "/api/history?pageSize=20", mine),
        *(
            Load(f"POST /api/analyze, {size}", "/api/analyze", posts, "POST", _body(name))
            for size, name in (("small", "healthy"), ("complex", "critical"))
        ),
    ]


def _body(name: str) -> str:
    return json.dumps({"definition": json.loads(sample_text(name))})


def memory(service: Service) -> list[float]:
    """Megabytes of resident memory of each web process."""
    children = psutil.Process(service.process.pid).children()
    return sorted(child.memory_info().rss / 2**20 for child in children)


def best(address: str, load: Load) -> Seen:
    """The fastest of some rounds: whatever else the machine does only makes it slower."""
    return max((send(address, load, seconds=SECONDS) for _ in range(ROUNDS)), key=_per_second)


def _per_second(seen: Seen) -> float:
    return seen.per_second


def bare_views() -> dict[str, Seen]:
    """In turns, so that what slows the machine for a while slows all of them."""
    seen: dict[str, list[Seen]] = {_PLAIN: [], _REST: [], _MEASURED: []}
    figures = "apps.ops.metrics.middleware.FiguresMiddleware"
    with bare() as plain, bare(BENCH_MIDDLEWARE=figures) as measured:
        views = {
            _PLAIN: (plain, "/plain"),
            _REST: (plain, "/rest"),
            _MEASURED: (measured, "/plain"),
        }
        for _ in range(ROUNDS + 1):
            for name, (address, path) in views.items():
                seen[name].append(send(address, Load(name, path, {}), seconds=SECONDS))
    return {name: max(rounds[1:], key=_per_second) for name, rounds in seen.items()}


def measure() -> dict[str, Any]:
    seen = bare_views()
    # No worker leaves in the middle: memory is read of the same processes before and after.
    with served(GUNICORN_CMD_ARGS="--max-requests 0") as service:
        service.manage("shell", "--no-imports", "-c", SEED.format(count=WORKFLOWS))
        send(service.address, loads(service.token)[0], seconds=1)
        rest = memory(service)
        for load in loads(service.token):
            send(service.address, load, seconds=1)
            seen[load.name] = best(service.address, load)
        history = loads(service.token)[3]
        many = send(service.address, history, connections=100, seconds=SECONDS)
        most = send(service.address, history, connections=1000, seconds=SECONDS)
        before = memory(service)
        asked = 0
        while asked < 10_000:
            asked += send(service.address, history, seconds=SECONDS).requests
        after = memory(service)
    return {
        "loads": {name: _figures(each, seen) for name, each in seen.items()},
        "users100": asdict(many),
        "connections1000": asdict(most),
        "scan": scanning.measure(),
        "memory": {"atRest": rest, "before10000": before, "after10000": after, "asked": asked},
    }


def _figures(each: Seen, seen: dict[str, Seen]) -> dict[str, Any]:
    return {
        **asdict(each),
        "perSecond": each.per_second,
        "ofPlain": each.per_second / seen[_PLAIN].per_second,
        "ofRest": each.per_second / seen[_REST].per_second,
    }
