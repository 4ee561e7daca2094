"""Load from wrk on loopback, and what it saw."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = """
wrk.method = %(method)s
wrk.body = %(body)s
for name, value in pairs(%(headers)s) do wrk.headers[name] = value end
local n = 0
request = function()
  n = n + 1
  local path = (%(path)s):gsub("{n}", tostring(n))
  return wrk.format(nil, path)
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\n@{"requests": %%d, "seconds": %%f, "p50": %%f, "p95": %%f, "p99": %%f, "failed": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """One kind of request. ``{n}`` in the path becomes a new number each time."""

    name: str
    path: str
    headers: dict[str, str]
    method: str = "GET"
    body: str = ""


@dataclass(frozen=True)
class Seen:
    """``p50``, ``p95`` and ``p99`` in milliseconds; ``failed`` counts errors and answers >= 400."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    failed: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def wrk() -> str | None:
    return shutil.which("wrk")


def send(address: str, load: Load, *, connections: int = 8, seconds: float = 5) -> Seen:
    """Ask as fast as the answers come, over this many connections at once."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "load.lua")
        headers = ", ".join(f"[ {_lua(k)} ] = {_lua(v)}" for k, v in load.headers.items())
        values = {"method": load.method, "body": load.body, "path": load.path}
        written = {key: _lua(value) for key, value in values.items()}
        script.write_text(_SCRIPT % {**written, "headers": f"{{{headers}}}"})
        command = [
            wrk() or "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{round(seconds)}s",
            "--timeout",
            "20s",
        ]
        ended = subprocess.run(
            [*command, "-s", str(script), address],
            capture_output=True,
            text=True,
            check=True,
        )
    last = ended.stdout.strip().rpartition("\n")[2]
    if not last.startswith("@"):
        raise RuntimeError(f"wrk failed at {load.name}: {ended.stdout}{ended.stderr}")
    return Seen(**json.loads(last[1:]))


def _lua(text: str) -> str:
    """A long bracket, which takes any text as it is."""
    level = "=" * next(n for n in range(100) if f"]{'=' * n}]" not in text)
    return f"[{level}[\n{text}]{level}]"
