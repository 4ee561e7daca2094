"""`manage.py analyze` on input that is broken, hostile or merely odd."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from apps.workflows import files
from apps.workflows.inspection import inspect_document
from apps.workflows.platforms import loading
from apps.workflows.samples import sample_text

ROOT = Path(__file__).resolve().parents[3]
GOOD = sample_text("healthy")
STEPS = [
    {
        "id": str(n),
        "name": f"s{n}",
        "type": "n8n-nodes-base.set",
        "typeVersion": 3,
        "parameters": {},
    }
    for n in range(25_001)
]


def analyze(capsys, *paths: object) -> tuple[int, dict[str, Any]]:
    try:
        call_command("analyze", *map(str, paths), "--format", "json")
        status = 0
    except SystemExit as left:
        status = int(left.code or 0)
    return status, json.loads(capsys.readouterr().out)


def error_of(capsys, path: object) -> dict[str, str]:
    status, document = analyze(capsys, path)
    assert status == 2
    [result] = document["results"]
    error: dict[str, str] = result["error"]
    return error


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "malformed_json", "empty"),
        (b" \n", "malformed_json", "empty"),
        (GOOD[:300].encode(), "malformed_json", "line"),
        (b'{"nodes": [NaN]}', "malformed_json", "NaN"),
        (b"[" * 10_000 + b"]" * 10_000, "malformed_json", "200 levels deep at line 1, column 201"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "malformed_json", "200 levels deep"),
        (b'{"name": "caf\xe9"}', "malformed_json", "byte 13"),
        (b"<html></html>", "malformed_json", "line 1, column 1"),
        (b"[]", "unsupported_definition", "empty list"),
        (b'"text"', "unsupported_definition", "single str"),
        (b'{"\\ud800": 1}', "unsupported_definition", "No workflow"),
        (b"[" + b"1," * loading.MAX_VALUES + b"1]", "payload_too_large", "1,500,000 values"),
        (
            json.dumps({"nodes": STEPS, "connections": {}}).encode(),
            "unsupported_definition",
            "25,0",
        ),
    ],
)
def test_broken_content_has_its_code_and_place(capsys, tmp_path, content, code, says):
    (tmp_path / "a.json").write_bytes(content)
    error = error_of(capsys, tmp_path / "a.json")
    assert error["code"] == code
    assert says in error["message"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_understood(capsys, tmp_path, encoding):
    (tmp_path / "a.json").write_bytes(GOOD.encode(encoding))
    status, document = analyze(capsys, tmp_path / "a.json")
    assert status == 0
    assert document["results"][0]["healthScore"] is not None


def test_lone_surrogates_do_no_harm(capsys, tmp_path):
    (tmp_path / "a.json").write_text(GOOD.replace("Consultation", r"\ud800\u0000"))
    assert analyze(capsys, tmp_path / "a.json")[0] == 0


@pytest.mark.parametrize("name", ["../x.json", "/etc/x.json", "a/../../x.json", "C:\\x.json"])
def test_zip_with_a_name_that_climbs_out_is_refused(capsys, tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, GOOD)
    assert "unsafe name" in error_of(capsys, tmp_path / "a.zip")["message"]


def test_zip_that_unpacks_to_gigabytes_is_refused(capsys, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b" " * (65 << 20))
    assert error_of(capsys, tmp_path / "a.zip")["code"] == "payload_too_large"


@pytest.mark.parametrize("cut", [30, 200])
def test_zip_that_is_cut_short_is_refused(capsys, tmp_path, cut):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", GOOD)
    (tmp_path / "a.zip").write_bytes(whole.getvalue()[:-cut])
    assert error_of(capsys, tmp_path / "a.zip")["code"] == "unsupported_definition"


@pytest.mark.parametrize(
    ("path", "code"),
    [("nowhere.json", "not_found"), ("nowhere", "not_found"), ("x" * 300 + ".json", "not_found")],
)
def test_path_that_cannot_be_opened_says_why(capsys, tmp_path, path, code):
    assert error_of(capsys, tmp_path / path)["code"] == code


def test_file_that_may_not_be_read_says_so(capsys, tmp_path, monkeypatch):
    (tmp_path / "a.json").write_text(GOOD)

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "open", refuse)
    assert error_of(capsys, tmp_path / "a.json")["code"] == "permission_denied"


def test_folder_that_may_not_be_read_is_one_error_beside_the_rest(capsys, tmp_path, monkeypatch):
    (tmp_path / "a.json").write_text(GOOD)
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def guarded(path: str) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    status, document = analyze(capsys, tmp_path)
    assert status == 0
    assert [result.get("error", {}).get("code") for result in document["results"]] == [
        None,
        "permission_denied",
    ]


def test_folder_without_definitions_says_so(capsys, tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    assert "no .json or .zip" in error_of(capsys, tmp_path)["message"]


def test_hidden_files_and_folders_are_left_out(capsys, tmp_path):
    for name in (".git/a.json", "b/.a.json", "b/c.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(GOOD)
    _, document = analyze(capsys, tmp_path)
    assert [Path(result["file"]).name for result in document["results"]] == ["c.json"]


def test_pipe_in_a_folder_is_not_waited_for_and_a_dead_link_is_told(capsys, tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "link.json").symlink_to(tmp_path / "gone.json")
    assert error_of(capsys, tmp_path)["code"] == "not_found"


def test_workflow_and_trigger_in_one_folder_are_read_together(capsys, tmp_path):
    whole = json.loads(GOOD)
    workflow = whole["workflow"]
    triggers = workflow.pop("triggers", None) or whole.get("triggers") or []
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "workflow.json").write_text(json.dumps(workflow))
    (tmp_path / "one" / "trigger.json").write_text(json.dumps(triggers))
    (tmp_path / "other.json").write_text(GOOD)
    _, document = analyze(capsys, tmp_path)
    assert [Path(result["file"]).name for result in document["results"]] == [
        "other.json",
        "workflow.json",
    ]


def test_what_is_found_is_read_only_when_its_turn_comes(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.json").write_text(GOOD)
    found = files.find_inputs([str(tmp_path)])
    (tmp_path / "1.json").unlink()
    assert [given.read()[0].error is None for given in found] == [True, False, True]


def test_fault_of_ours_with_one_file_leaves_the_others_alone(capsys, tmp_path, monkeypatch):
    (tmp_path / "a.json").write_text(GOOD)
    (tmp_path / "b.json").write_text(GOOD.replace("Consultation", "Breakage"))

    def faulty(document: Any, **more: Any) -> Any:
        if "Breakage" in json.dumps(document):
            raise KeyError("surprise")
        return inspect_document(document, **more)

    name = "apps.workflows.management.commands.analyze.inspect_document"
    monkeypatch.setattr(name, faulty)
    status, document = analyze(capsys, tmp_path)
    assert status == 0
    assert document["results"][0]["grade"]
    assert document["results"][1]["error"]["code"] == "internal_error"


def test_standard_input_that_is_closed_is_an_error(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert "closed" in error_of(capsys, "-")["message"]


def shell(command: str) -> subprocess.CompletedProcess[str]:
    program = f"{sys.executable} manage.py analyze apps/workflows/samples"
    line = ["bash", "-o", "pipefail", "-c", f"{program} {command}"]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_standard_output_that_is_full_is_an_error_without_a_traceback():
    done = shell("> /dev/full")
    assert done.returncode == 2
    assert done.stderr.strip().startswith("CommandError: cannot write to standard output")
    assert "Traceback" not in done.stderr


def test_standard_output_that_is_closed_is_an_error_without_a_traceback():
    done = shell(">&-")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("count", [0, 1])
def test_reader_that_leaves_early_is_no_error(count):
    done = shell(f"| head -{count}")
    assert (done.returncode, done.stderr) == (0, "")
