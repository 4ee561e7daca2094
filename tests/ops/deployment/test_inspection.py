"""The folder is the list of checks; their verdicts make one score, the worst first."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from apps.ops.deployment import inspection as inspections
from apps.ops.deployment.inspection import COST, Inspection, Result, inspect, modules
from apps.ops.deployment.report import FORMATS
from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Skipped, Status, Verdict, passed

ROOT = Path(__file__).resolve().parents[3]
CHECKS = dict(modules())

results = st.builds(
    Result,
    st.text("abc-", min_size=1, max_size=5),
    st.sampled_from(Severity),
    st.builds(Verdict, st.sampled_from(Status), st.just("found"), st.just("do")),
)


def test_there_are_enough_checks():
    assert len(CHECKS) >= 23


@pytest.mark.parametrize("name", CHECKS)
def test_check_declares_its_severity_and_says_what_it_is_about(name):
    module = CHECKS[name]
    assert module.SEVERITY in COST
    assert (module.__doc__ or "").rstrip().endswith(".")


@pytest.mark.django_db
def test_every_verdict_says_what_was_found_and_what_to_do():
    for result in inspect(Target()).results:
        assert result.verdict.message.strip()
        assert result.verdict.status in {Status.PASS, Status.SKIP} or result.verdict.remedy
        assert "broke off" not in result.verdict.message


@given(st.lists(results, max_size=60))
def test_score_stays_between_0_and_100(found):
    assert 0 <= Inspection(tuple(found)).score <= 100


@given(st.lists(results, max_size=20), results)
def test_further_check_never_raises_the_score(found, more):
    assert Inspection((*found, more)).score <= Inspection(tuple(found)).score


def test_one_critical_failure_keeps_a_deployment_below_every_sensible_bar():
    good = tuple(Result(f"c{n}", Severity.LOW, passed("well")) for n in range(100))
    bad = Result("key", Severity.CRITICAL, Verdict(Status.FAIL, "gone", "set it"))
    assert Inspection((*good, bad)).score <= 60


def test_all_passed_or_skipped_is_100():
    found = [
        Result("a", Severity.CRITICAL, Verdict(status, "")) for status in (Status.PASS, Status.SKIP)
    ]
    assert Inspection(tuple(found)).score == 100


def module(check):
    return type("module", (), {"SEVERITY": Severity.HIGH, "check": staticmethod(check)})


def raising(error):
    def check(target):
        raise error

    return module(check)


def test_check_that_breaks_off_is_a_failure_and_the_others_go_on(monkeypatch, caplog):
    found = [
        ("broken", raising(KeyError("secret"))),
        ("fine", module(lambda target: passed("yes"))),
    ]
    monkeypatch.setattr(inspections, "modules", lambda: iter(found))
    broken, fine = inspect(Target()).results
    assert (broken.verdict.status, fine.verdict.status) == (Status.FAIL, Status.PASS)
    assert "secret" not in broken.verdict.message
    assert "KeyError" in broken.verdict.message


@pytest.mark.parametrize("error", [ProgrammingError("no such table"), Skipped("not here")])
def test_check_that_cannot_be_made_is_skipped_with_the_reason(monkeypatch, error):
    monkeypatch.setattr(inspections, "modules", lambda: iter([("one", raising(error))]))
    (result,) = inspect(Target()).results
    assert result.verdict.status == Status.SKIP
    assert result.verdict.message


@pytest.mark.django_db
def test_costliest_comes_first():
    costs = [result.cost for result in inspect(Target()).results]
    assert costs == sorted(costs, reverse=True)


@pytest.mark.django_db
def test_json_has_exactly_the_fields_of_the_contract():
    out = StringIO()
    call_command("check_deployment", format="json", stdout=out)
    told = json.loads(out.getvalue())
    assert list(told) == ["score", "checks"]
    assert {tuple(check) for check in told["checks"]} == {
        ("id", "status", "severity", "message", "remedy")
    }
    assert [check["id"] for check in told["checks"]] != []
    assert all(isinstance(value, str) for check in told["checks"] for value in check.values())


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMATS)
def test_each_format_names_every_check(name):
    out = StringIO()
    call_command("check_deployment", format=name, stdout=out)
    assert all(check in out.getvalue() for check in CHECKS)


@pytest.mark.django_db
def test_report_shows_no_secret(settings):
    settings.SECRET_KEY = "a-very-secret-value-of-this-place"
    for render in FORMATS.values():
        text = render(inspect(Target()))
        assert settings.SECRET_KEY not in text
        assert str(settings.DATABASES["default"]["PASSWORD"] or "no password") not in text


@pytest.mark.django_db
def test_score_below_the_bar_ends_with_1_after_the_report():
    out = StringIO()
    with pytest.raises(CommandError) as end:
        call_command("check_deployment", fail_under=100, stdout=out)
    assert end.value.returncode == 1
    assert "Deployment" in out.getvalue()


@pytest.mark.django_db
def test_bar_that_is_reached_exactly_is_passed():
    out = StringIO()
    call_command("check_deployment", format="json", stdout=out)
    score = json.loads(out.getvalue())["score"]
    call_command("check_deployment", fail_under=score, stdout=StringIO())


@pytest.mark.parametrize(
    "wrong",
    [
        ["--fail-under", "101"],
        ["--fail-under", "-1"],
        ["--fail-under", "9O"],
        ["--url", "app.example.com"],
        ["--url", "ftp://app.example.com"],
        ["--url", "https://user:password@app.example.com"],
        ["--format", "xml"],
        ["surplus"],
    ],
)
def test_wrong_usage_is_refused(wrong):
    with pytest.raises(CommandError, match=r"argument|unrecognized"):
        call_command("check_deployment", *wrong)


def test_wrong_usage_ends_the_process_with_2():
    command = [sys.executable, "manage.py", "check_deployment", "--fail-under", "101"]
    ended = subprocess.run(
        command, cwd=ROOT, env={"ENV_FILE": ""}, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert "from 0 to 100" in ended.stderr
    assert "Traceback" not in ended.stderr
