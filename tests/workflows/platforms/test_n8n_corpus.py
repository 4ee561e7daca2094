"""Every n8n workflow of the corpus is translated whole, with types that are known."""

import json
import os
from pathlib import Path

import pytest

from apps.workflows.analysis.graph import EdgeKind, Kind
from apps.workflows.platforms import n8n
from apps.workflows.platforms.n8n.facts import find

CORPUS = os.environ.get("WORKFLOW_CORPUS")
FILES = sorted(Path(CORPUS, "n8n").glob("*.json")) if CORPUS else []
#: Types of the community's own packages: of these nothing is to be known.
DELIBERATELY_UNKNOWN = {
    "@cradl/n8n-nodes-cradlai.cradlAi",
    "n8n-nodes-fiwano.fiwano",
    "n8n-nodes-fiwano.fiwanoTrigger",
    "n8n-nodes-gcf.gcf",
    "n8n-nodes-youtube-transcription.youtubeTranscripter",
}
pytestmark = pytest.mark.skipif(not CORPUS, reason="WORKFLOW_CORPUS is not set")


@pytest.fixture(scope="module")
def graphs():
    found = []
    for path in FILES:
        document = json.loads(path.read_bytes())
        assert n8n.recognise(document), path.name
        found += [n8n.translate(source) for source in n8n.split(document).sources]
    return found


def test_corpus_is_there():
    assert len(FILES) > 300


def test_every_file_holds_one_workflow_with_its_connections_whole(graphs):
    assert len(graphs) == len(FILES)
    for graph in graphs:
        assert graph.missing == {}
        assert (graph.dangling, graph.unknown_sources, graph.bad_connections) == ([], [], [])
        assert len(graph.edges) == graph.connections > 0


def test_every_type_is_known_or_deliberately_unknown(graphs):
    types = {step.type for graph in graphs for step in graph.steps}
    assert {name for name in types if find(name) is None} == DELIBERATELY_UNKNOWN


def test_every_output_in_use_is_one_the_step_has(graphs):
    beyond = [
        step.type
        for graph in graphs
        for step in graph.steps
        for edge in graph.out[step.index]
        if step.outputs is not None and edge.port >= step.outputs and edge.kind != EdgeKind.ERROR
    ]
    assert beyond == ["n8n-nodes-base.code"]  # wired to an error output that is switched off


def test_outputs_are_known_for_nearly_all_steps(graphs):
    unknown = {
        (step.type, step.version)
        for graph in graphs
        for step in graph.steps
        if step.outputs is None and step.type not in DELIBERATELY_UNKNOWN
    }
    # Versions that n8n never published.
    assert unknown == {("n8n-nodes-base.openAi", 1.8), ("n8n-nodes-base.openAi", 2)}


def test_branches_say_which_way_they_go(graphs):
    edges = [edge for graph in graphs for edge in graph.edges if edge.kind is EdgeKind.BRANCH]
    assert len(edges) > 400
    assert all(edge.label for edge in edges)


def test_only_sub_nodes_and_unknown_types_are_attached(graphs):
    kinds = {
        graph.steps[edge.source].spec.kind
        for graph in graphs
        for edge in graph.edges
        if edge.kind is EdgeKind.ATTACH
    }
    assert kinds <= {Kind.SUBNODE, Kind.UNKNOWN, Kind.CODE}
