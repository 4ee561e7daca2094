"""What platforms read says one and the same thing, and names only what there is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from config import env
from tests.deployment.platform import ROOT, procfile

PROCESSES = procfile()
RENDER = yaml.safe_load((ROOT / "render.yaml").read_text())
APP = json.loads((ROOT / "app.json").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
KNOWN = {*env.variables(), "PYTHON_VERSION"}


def service(kind: str) -> dict:
    (found,) = [each for each in RENDER["services"] if each["type"] == kind]
    return found


def test_procfile_has_the_three_processes():
    assert set(PROCESSES) == {"release", "web", "worker"}


def test_render_starts_what_the_procfile_starts():
    assert service("web")["startCommand"] == PROCESSES["web"]
    assert service("worker")["startCommand"] == PROCESSES["worker"]
    assert service("web")["preDeployCommand"] == PROCESSES["release"]


def test_render_asks_the_probe_of_readiness():
    assert service("web")["healthCheckPath"] == "/ready"


def test_heroku_starts_processes_of_the_procfile():
    assert set(APP["formation"]) == {"web", "worker"}


def test_image_starts_what_the_procfile_starts():
    (command,) = re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    assert " ".join(json.loads(command)) == PROCESSES["web"]


@pytest.mark.parametrize("where", ["render", "heroku"])
def test_only_variables_that_there_are_are_set(where):
    group = RENDER["envVarGroups"][0]["envVars"]
    lists = [group, *(each.get("envVars", []) for each in RENDER["services"])]
    named = {each["key"] for some in lists for each in some if "key" in each}
    named = named if where == "render" else set(APP["env"])
    assert named <= KNOWN
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "FRONTEND_URL", "TRUSTED_PROXY_COUNT"} <= named


def test_values_written_down_are_accepted():
    group = RENDER["envVarGroups"][0]["envVars"]
    values = {each["key"]: each["value"] for each in group if "value" in each}
    values |= {name: each["value"] for name, each in APP["env"].items() if "value" in each}
    assert env.read({**values, "SECRET_KEY": "k" * 40}).problems == ()


def test_no_secret_is_written_down():
    for name, each in APP["env"].items():
        assert "value" not in each or not re.search("KEY|TOKEN|SECRET|PASSWORD", name)


def test_every_platform_runs_the_python_of_the_project():
    wanted = (ROOT / ".python-version").read_text().strip()
    group = {each["key"]: each.get("value") for each in RENDER["envVarGroups"][0]["envVars"]}
    assert str(group["PYTHON_VERSION"]).startswith(wanted)
    assert set(re.findall(r"^FROM python:([\d.]+)-", DOCKERFILE, re.MULTILINE)) == {wanted}


def test_image_copies_what_there_is_and_what_is_not_ignored():
    ignored = (ROOT / ".dockerignore").read_text()
    for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists(), source
        assert f"!{source.rstrip('/')}\n" in ignored


def test_every_folder_that_the_service_needs_is_in_the_image():
    for folder in ("apps", "config", "templates"):
        assert f"COPY {folder}/ {folder}/" in DOCKERFILE


def test_image_does_not_run_as_root():
    assert re.search(r"^USER [1-9]\d+$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("USER ") < DOCKERFILE.index("CMD [")


def test_container_file_is_clean():
    tool = Path(sys.executable).with_name("hadolint")
    found = subprocess.run(
        [tool, "--failure-threshold", "style", ROOT / "Dockerfile"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode == 0, found.stdout


def test_requirements_are_pinned_and_each_once():
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = [line for line in path.read_text().splitlines() if line and line[0] not in "#-"]
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[\w.]+", line) for line in lines)
        names = [line.split("==")[0].lower().replace("_", "-") for line in lines]
        assert len(names) == len(set(names)), path.name


def test_root_requirements_are_those_of_production():
    assert (ROOT / "requirements.txt").read_text().splitlines()[-1] == (
        "-r requirements/production.txt"
    )
