"""Every report format, on hostile names and with errors."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from apps.workflows.inspection import inspect_document
from apps.workflows.platforms.base import MalformedJson
from apps.workflows.reports import formats, report
from apps.workflows.reports.run import Entry, Run
from apps.workflows.samples import NAMES, sample

HOSTILE = "<script>alert(1)</script>|=cmd()\x1b[31m\u202eevil\nline `x` [a](b)"


def hostile_definition() -> dict:
    def node(number, name, kind, **parameters):
        return {
            "id": str(number), "name": name, "type": f"n8n-nodes-base.{kind}", "typeVersion": 4,
            "position": [0, 0], "parameters": parameters,
        }  # fmt: skip

    return {
        "name": HOSTILE,
        "active": True,
        "nodes": [
            node(1, "Start", "manualTrigger"),
            node(2, HOSTILE, "httpRequest", url="http://orders.acme-tools.com/a"),
        ],
        "connections": {"Start": {"main": [[{"node": HOSTILE, "type": "main", "index": 0}]]}},
    }


@pytest.fixture(scope="module")
def run() -> Run:
    entries = [
        Entry(f"{name}.json", item.analysis)
        for name in NAMES
        for item in inspect_document(sample(name))
    ]
    entries += [Entry("=evil.json", i.analysis) for i in inspect_document(hostile_definition())]
    entries.append(Entry("a b/ü.json", error=MalformedJson("Not valid JSON.", "line 1")))
    return Run(entries, files=5)


def test_the_formats_are_those_of_the_contract():
    assert {"text", "json", "sarif", "markdown", "csv", "junit"} <= set(formats())


@pytest.mark.parametrize("name", formats())
def test_no_control_character_or_direction_mark_reaches_the_reader(run, name):
    out = report(name).render(run)
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "insecure-url" in out
    assert out.endswith("\n")


def test_sarif_is_valid_and_carries_fingerprints_help_and_flows(run):
    document = json.loads(report("sarif").render(run))
    schema = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text())
    jsonschema.validate(document, schema)
    [one] = document["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert all(rule["help"]["markdown"] and rule["help"]["text"] for rule in rules)
    for result in one["results"]:
        assert result["partialFingerprints"]["workflowDebugger/v1"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert any("codeFlows" in result for result in one["results"])
    [notification] = one["invocations"][0]["toolExecutionNotifications"]
    uri = notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b/%C3%BC.json"


def test_markdown_lets_no_markup_of_a_name_through(run):
    out = report("markdown").render(run)
    assert "<script>" not in out
    assert "[a](b)" not in out


def test_csv_cells_do_not_run_as_formulas(run):
    rows = list(csv.reader(io.StringIO(report("csv").render(run))))
    assert all(cell[:1] not in ("=", "+", "@") for row in rows for cell in row)
    assert {len(row) for row in rows[:-1]} == {11}


def test_junit_is_xml_with_a_failure_per_finding(run):
    root = ET.fromstring(report("junit").render(run))
    findings = sum(len(analysis.findings) for _, analysis in run.analyses)
    assert len(root.findall(".//failure")) == findings
    assert len(root.findall(".//error")) == 1


def test_json_counts_files_workflows_and_errors(run):
    document = json.loads(report("json").render(run))
    assert document["summary"]["files"] == 5
    assert document["summary"]["workflows"] == 4
    assert document["summary"]["errors"] == 1
    assert document["results"][-1]["error"]["place"] == "line 1"


def test_text_says_what_the_score_is_made_of(run):
    out = report("text").render(run)
    assert "Score 22 = 100 less" in out
    assert "not analysed" in out
