"""A platform in small: a clean copy of the code, its build, its release and its processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def procfile(folder: Path = ROOT) -> dict[str, str]:
    return dict(re.findall(r"^(\w+): (.+)$", (folder / "Procfile").read_text(), re.MULTILINE))


def clean_copy(target: Path) -> Path:
    """What a clone of this state would hold, without what lies about here besides."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in listed.decode().split("\0"):
        source = ROOT / name
        if name and source.is_file() and not source.is_symlink():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return target


def run(
    command: str, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=with_tools(environment),
        capture_output=True,
        text=True,
        timeout=120,
    )


@contextmanager
def running(
    command: str, folder: Path, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the Procfile in a group of its own; ended as platforms end one."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", f"exec {command}"],
            cwd=folder,
            env=with_tools(environment),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def with_tools(environment: Mapping[str, str]) -> dict[str, str]:
    """The virtual environment first, as platforms put it."""
    tools = Path(sys.executable).parent
    return {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "ENV_FILE": "", **environment}


def until(true: object, seconds: float = 60) -> None:
    """Calls it until it is true."""
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)
