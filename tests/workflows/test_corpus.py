"""Real workflows: each is analysed or refused with a reason, and the rules stay quiet enough."""

import os
import statistics
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from apps.workflows.analysis.simulate import Contact, simulate
from apps.workflows.reports.picture import draw, lay_out, marks_of
from tests.workflows.analysis.simulate.walks import START
from tests.workflows.corpus import FOLDERS, LIMITS, analysed, analyses, folder, noise

if os.environ.get("CI") and os.environ.get("WORKFLOW_CORPUS"):
    # where the corpus is there, its tests may not be left out
    assert all((folder(name) or folder("x")).is_dir() for name in FOLDERS)  # type: ignore[union-attr]

pytestmark = pytest.mark.skipif(
    not os.environ.get("WORKFLOW_CORPUS"), reason="WORKFLOW_CORPUS names no folder"
)


@pytest.mark.parametrize("name", FOLDERS)
def test_every_file_is_analysed_or_refused_with_a_reason(name):
    found = analysed(name)
    assert found
    for item in found:
        if item.error is not None:
            assert item.error.code == "unsupported_definition", item.file
            assert len(item.error.message) > 20
        else:
            assert item.analysis is not None


@pytest.mark.parametrize("name", FOLDERS)
def test_no_rule_fails_on_a_real_file(name):
    for analysis in analyses(name):
        assert not [row for row in analysis.not_checked if "failed" in row.reason]


@pytest.mark.parametrize("name", FOLDERS)
def test_every_real_workflow_is_drawn_and_walked_to_an_end(name):
    for analysis in analyses(name):
        marks = marks_of(analysis.findings)
        ET.fromstring(draw(lay_out(analysis.graph, wanted=list(marks)), marks).svg)
        walked = simulate(analysis.graph, Contact.of(), start=START)
        assert walked.end is not None
        assert walked.steps or walked.end.code == "no_steps"


def test_the_noise_stays_below_what_people_bear():
    found = analyses("n8n")
    steps = sum(len(analysis.graph.steps) for analysis in found)
    shares = {level: count / steps for level, count in noise(found).items()}
    assert {name: share for name, share in shares.items() if share > LIMITS[name]} == {}


def test_the_score_tells_good_from_bad():
    values = [a.score.value for a in analyses("n8n") if a.score is not None]
    assert statistics.pstdev(values) >= 15
    assert max(Counter(values).values()) <= len(values) / 4


@pytest.mark.parametrize("name", FOLDERS)
def test_every_witness_is_a_walk_along_real_edges(name):
    for analysis in analyses(name):
        graph = analysis.graph
        ids = [step.id for step in graph.steps]
        edges = {(ids[edge.source], ids[edge.target]) for edge in graph.edges}
        for finding in analysis.findings:
            assert set(finding.node_ids) <= set(ids)
            for pair in zip(finding.path, finding.path[1:], strict=False):
                assert pair in edges, finding.rule_id


@pytest.mark.parametrize("name", FOLDERS)
def test_fingerprints_are_unique_within_a_workflow(name):
    for analysis in analyses(name):
        fingerprints = [finding.fingerprint for finding in analysis.findings]
        assert len(fingerprints) == len(set(fingerprints))
