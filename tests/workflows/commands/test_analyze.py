"""`manage.py analyze`, run as a person or a CI job would: by its output and exit status."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[3]

N8N = {
    "name": "Send order",
    "active": False,
    "nodes": [
        {
            "id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger",
            "typeVersion": 1, "position": [0, 0], "parameters": {},
        },
        {
            "id": "2", "name": "Send order", "type": "n8n-nodes-base.httpRequest",
            "typeVersion": 4.2, "position": [200, 0],
            "parameters": {"url": "http://orders.acme-tools.com/v1/orders"},
        },
    ],
    "connections": {"Start": {"main": [[{"node": "Send order", "type": "main", "index": 0}]]}},
}  # fmt: skip


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "order.json").write_text(json.dumps(N8N))
    return tmp_path


def analyze(capsys, *args: object) -> tuple[int, str]:
    try:
        call_command("analyze", *map(str, args))
        status = 0
    except SystemExit as left:
        status = int(left.code or 0)
    except CommandError as wrong:
        return wrong.returncode, str(wrong)
    return status, capsys.readouterr().out


def test_text_names_the_steps_the_path_and_the_remedy(capsys, folder):
    status, out = analyze(capsys, folder / "order.json")
    assert status == 0
    assert "Send order (n8n)" in out
    assert "HIGH" in out
    assert "insecure-url" in out
    assert "Start → Send order" in out
    assert "https://" in out
    assert "\x1b[" not in out


def test_colour_is_only_for_a_terminal_that_wants_it(capsys, folder):
    _, out = analyze(capsys, folder / "order.json", "--force-color")
    assert "\x1b[1;31m" in out


def test_json_is_the_contract(capsys, folder):
    status, out = analyze(capsys, folder, "--format", "json")
    document = json.loads(out)
    assert status == 0
    [result] = document["results"]
    assert result["file"].endswith("order.json")
    assert result["workflow"]["name"] == "Send order"
    assert {"healthScore", "grade", "issues", "notChecked", "coverage", "summary"} <= set(result)
    summary = document["summary"]
    assert (summary["files"], summary["workflows"], summary["errors"]) == (1, 1, 0)
    assert summary["bySeverity"]["high"] >= 1


@pytest.mark.parametrize(
    ("level", "status"),
    [("critical", 0), ("high", 1), ("medium", 1), ("low", 1), ("never", 0)],
)
def test_fail_on_decides_the_exit_status(capsys, folder, level, status):
    assert analyze(capsys, folder, "--fail-on", level)[0] == status


def test_rules_can_be_switched_off_and_changed(capsys, folder):
    args = (folder, "--format", "json", "--rule", "insecure-url=off")
    assert "insecure-url" not in {
        issue["ruleId"] for issue in json.loads(analyze(capsys, *args)[1])["results"][0]["issues"]
    }
    status, _ = analyze(capsys, folder, "--fail-on", "high", "--rule", "insecure-url=low")
    assert status == 0


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "at least one PATH"),
        (["--rule", "insecure-url", "."], "ID=off or ID=LEVEL"),
        (["--rule", "insecure-ur=off", "."], "Did you mean insecure-url?"),
        (["--rule", "insecure-url=loud", "."], "no level"),
        (["--platform", "zapier", "."], "unknown platform"),
        (["--format", "pdf", "."], "invalid choice"),
    ],
)
def test_wrong_usage_is_2_and_says_why(capsys, args, says):
    status, said = analyze(capsys, *args)
    assert says in said
    assert status in (1, 2)


@pytest.mark.parametrize("args", [["--format", "pdf", "."], ["--nope"], [], ["--rule", "x", "."]])
def test_wrong_usage_from_the_shell_exits_with_2(args):
    done = subprocess.run(
        [sys.executable, "manage.py", "analyze", *args],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_no_readable_input_is_2(capsys, folder):
    status, out = analyze(capsys, folder / "missing.json", "--format", "json")
    assert status == 2
    [result] = json.loads(out)["results"]
    assert result["error"]["code"] == "not_found"


def test_one_broken_file_is_one_error_and_the_rest_goes_on(capsys, folder):
    (folder / "broken.json").write_text('{"nodes": [')
    (folder / "other.json").write_text('{"hello": 1}')
    status, out = analyze(capsys, folder, "--format", "json")
    document = json.loads(out)
    codes = [result["error"]["code"] for result in document["results"] if "error" in result]
    assert status == 0
    assert codes == ["malformed_json", "unsupported_definition"]
    assert document["summary"]["workflows"] == 1
    assert document["summary"]["errors"] == 2


def test_a_zip_is_read_like_a_folder(capsys, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a.json", json.dumps(N8N))
        archive.writestr("b.json", "{")
    _, out = analyze(capsys, tmp_path / "all.zip", "--format", "json")
    assert [result["file"] for result in json.loads(out)["results"]] == [
        f"{tmp_path}/all.zip/a.json",
        f"{tmp_path}/all.zip/b.json",
    ]


def test_standard_input_is_read(monkeypatch, capsys):
    class Stdin:
        buffer = io.BytesIO(json.dumps(N8N).encode())

    monkeypatch.setattr("sys.stdin", Stdin())
    _, out = analyze(capsys, "-", "--format", "json")
    assert json.loads(out)["results"][0]["file"] == "<stdin>"


def test_output_goes_to_a_file(capsys, folder, tmp_path):
    target = tmp_path / "report.sarif"
    _, out = analyze(capsys, folder / "order.json", "--format", "sarif", "--output", target)
    assert out == ""
    assert json.loads(target.read_text())["version"] == "2.1.0"
    status, said = analyze(capsys, folder / "order.json", "--output", tmp_path / "no" / "x")
    assert status == 2
    assert "cannot write" in said


def test_a_terminal_without_unicode_still_gets_its_report(folder):
    done = subprocess.run(
        [sys.executable, "manage.py", "analyze", str(folder / "order.json")],
        cwd=ROOT, capture_output=True, timeout=60, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0
    assert b"insecure-url" in done.stdout


def test_it_needs_no_settings_and_no_database(folder, tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "analyze", str(folder), "--format", "json"],
        cwd=ROOT, capture_output=True, timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "ENV_FILE": "", "DATABASE_URL": "postgres://127.0.0.1:1/x"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"]["workflows"] == 1


def test_the_core_works_without_django():
    code = (
        "import sys; sys.modules['django'] = None\n"
        "import apps.workflows.analysis.engine, apps.workflows.inspection, apps.workflows.files\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=True)
