"""`manage.py analyze` with a settings file, suppressions and a baseline."""

import json
from pathlib import Path

import pytest

from apps.workflows.samples import sample
from tests.workflows.commands.test_analyze import N8N, analyze


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    (tmp_path / "order.json").write_text(json.dumps(N8N))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder: Path, text: str, name: str = "workflow-debugger.toml") -> Path:
    path = folder / name
    path.write_text(f"[tool.workflow-debugger]\n{text}")
    return path


def rules_in(out: str) -> set[str]:
    return {issue["ruleId"] for row in json.loads(out)["results"] for issue in row["issues"]}


def test_the_file_in_the_folder_is_found(capsys, folder):
    settings(folder, 'fail-on = "high"\n')
    assert analyze(capsys, "order.json")[0] == 1
    assert analyze(capsys, "order.json", "--fail-on", "never")[0] == 0


def test_pyproject_is_read_too_and_a_flag_wins(capsys, folder):
    settings(folder, '[tool.workflow-debugger.rules]\ninsecure-url = "off"\n', "pyproject.toml")
    assert "insecure-url" not in rules_in(analyze(capsys, "order.json", "--format", "json")[1])
    flags = ("order.json", "--format", "json", "--rule", "insecure-url=low")
    assert "insecure-url" in rules_in(analyze(capsys, *flags)[1])


def test_a_threshold_can_be_changed(capsys, folder):
    (folder / "medium.json").write_text(json.dumps(sample("medium")))
    path = settings(folder, "[tool.workflow-debugger.rules]\nexcessive-complexity.max_steps = 3\n")
    _, out = analyze(capsys, "medium.json", "--format", "json", "--config", path)
    assert "excessive-complexity" in rules_in(out)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[tool.workflow-debugger.rules]\ninsecure-ur = "off"', "Did you mean insecure-url"),
        ("[tool.workflow-debugger.rules]\nexcessive-complexity.max = 3", "has no option 'max'"),
        ('fail-on = "loud"', "fail-on must be one of"),
        ("rules = 5", "must be a table"),
    ],
)
def test_a_wrong_file_is_wrong_usage(capsys, folder, text, says):
    settings(folder, text)
    status, said = analyze(capsys, "order.json")
    assert status == 2
    assert says in said


def test_suppressed_findings_are_counted_and_stale_ones_listed(capsys, folder):
    settings(
        folder,
        '[[tool.workflow-debugger.suppressions]]\nrule = "insecure-url"\nreason = "no TLS there"\n'
        '[[tool.workflow-debugger.suppressions]]\nrule = "sql-injection"\nreason = "old"\n',
    )
    _, out = analyze(capsys, "order.json", "--format", "json")
    document = json.loads(out)
    [row] = document["results"]
    assert "insecure-url" not in rules_in(out)
    assert row["suppressed"][0]["reason"] == "no TLS there"
    assert row["summary"]["suppressed"] == document["summary"]["suppressed"] == 1
    assert document["staleSuppressions"] == ["sql-injection (old)"]
    assert "Stale suppression: sql-injection (old)" in analyze(capsys, "order.json")[1]


def test_a_baseline_leaves_what_is_new(capsys, folder):
    _, out = analyze(capsys, "order.json", "--format", "json")
    (folder / "before.json").write_text(out)
    status, out = analyze(
        capsys, "order.json", "--format", "json", "--baseline", "before.json", "--fail-on", "low"
    )
    assert status == 0
    assert rules_in(out) == set()
    assert json.loads(out)["baseline"] == {"gone": 0}
    changed = json.loads(json.dumps(N8N))
    changed["nodes"][1]["parameters"]["url"] = "https://orders.acme-tools.com/v1?api_key=Zq9xW3"
    (folder / "order.json").write_text(json.dumps(changed))
    _, out = analyze(capsys, "order.json", "--format", "json", "--baseline", "before.json")
    assert json.loads(out)["baseline"]["gone"] >= 1
    status, said = analyze(capsys, "order.json", "--baseline", "order.json")
    assert status == 2
    assert "no report" in said


def test_an_account_bundle_gets_a_score_of_its_own(capsys, folder):
    medium, healthy = sample("medium"), sample("healthy")
    workflows = [each["workflow"] | {"triggers": each["triggers"]} for each in (medium, healthy)]
    (folder / "account.json").write_text(json.dumps({"workflows": workflows, "users": []}))
    _, out = analyze(capsys, "account.json", "--format", "json")
    [account] = json.loads(out)["accounts"]
    assert account["file"] == "account.json"
    assert 0 <= account["healthScore"] <= 100
    assert "The account in account.json" in analyze(capsys, "account.json")[1]
    assert json.loads(analyze(capsys, "order.json", "--format", "json")[1])["accounts"] == []
