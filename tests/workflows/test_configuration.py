"""The settings file of the command line, and baselines: read, or refused with what and where."""

import datetime
import json

import pytest

from apps.workflows.analysis.config import ConfigError
from apps.workflows.configuration import read_baseline, read_file

WHOLE = """
[tool.workflow-debugger]
fail-on = "high"

[tool.workflow-debugger.rules]
test-workflow-published = "off"
excessive-complexity = {severity = "medium", max_steps = 80}

[[tool.workflow-debugger.suppressions]]
rule = "insecure-url"
workflow = "Send order"
reason = "The printer has no TLS"
expires = 2027-06-30

[[tool.workflow-debugger.suppressions]]
fingerprint = "0123456789abcdef0123"
reason = "known"
expires = "2027-01-31"
"""


@pytest.fixture
def written(tmp_path):
    def write(text: str) -> str:
        path = tmp_path / "settings.toml"
        path.write_text(text)
        return str(path)

    return write


def test_a_whole_file_is_read(written):
    file = read_file(written(WHOLE))
    assert file.fail_on == "high"
    assert file.rules["excessive-complexity"] == {"severity": "medium", "max_steps": 80}
    first, second = file.suppressions
    assert (first.rule_id, first.workflow) == ("insecure-url", "Send order")
    assert first.expires == datetime.date(2027, 6, 30)
    assert second.fingerprint == "0123456789abcdef0123"
    assert second.expires == datetime.date(2027, 1, 31)


@pytest.mark.parametrize("text", ["", "[tool.other]\nx = 1", "[project]\nname = 'x'"])
def test_a_file_without_our_table_says_nothing(written, text):
    assert read_file(written(text)).rules == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = ", "not valid TOML"),
        ("[tool]\nworkflow-debugger = 5", "must be a table"),
        ("[tool.workflow-debugger]\nrule = 1", "no key 'rule'"),
        ("[tool.workflow-debugger]\nsuppressions = 5", "array of tables"),
        ("[tool.workflow-debugger]\nsuppressions = [5]", "must be a table"),
        ('[[tool.workflow-debugger.suppressions]]\nrule = "insecure-url"', "needs a reason"),
        ('[[tool.workflow-debugger.suppressions]]\nreason = "x"', "fingerprint or a rule"),
        (
            '[[tool.workflow-debugger.suppressions]]\nreason = "x"\nrule = "insecure-ur"',
            "Did you mean insecure-url",
        ),
        ('[[tool.workflow-debugger.suppressions]]\nreason = "x"\nrule = 5', "must be a text"),
        ('[[tool.workflow-debugger.suppressions]]\nreason = "x"\nwhat = "y"', "no key 'what'"),
        (
            (
                '[[tool.workflow-debugger.suppressions]]\nreason = "x"\nrule = "insecure-url"\n'
                'expires = "soon"'
            ),
            "must be a date",
        ),
    ],
)
def test_a_wrong_file_says_what_and_where(written, text, says):
    with pytest.raises(ConfigError, match=says):
        read_file(written(text))


def test_a_missing_file_is_an_error():
    with pytest.raises(ConfigError, match="cannot be read"):
        read_file("no/such/file.toml")


def test_a_baseline_is_an_earlier_json_report(written):
    row = {
        "workflow": {"id": "w1", "name": "A"},
        "issues": [{"fingerprint": "a"}],
        "suppressed": [{"fingerprint": "b"}],
    }
    nameless = {"workflow": {"id": None, "name": "B"}, "issues": [{"fingerprint": "c"}]}
    failed = {"file": "x", "error": {}}
    report = json.dumps({"results": [row, nameless, failed]})
    assert read_baseline(written(report)) == {"w1": {"a", "b"}, "B": {"c"}}


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"results": 5}', '{"results": [{"issues": 1}]}'])
def test_another_file_is_no_baseline(written, text):
    with pytest.raises(ConfigError, match="no report"):
        read_baseline(written(text))
