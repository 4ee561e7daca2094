"""What is kept of a file gives the same graph as the file did, whatever shape it had."""

import os
from pathlib import Path

import pytest

from apps.billing.models import Subscription
from apps.workflows.analysis.graph import Graph
from apps.workflows.inspection import inspect_document
from apps.workflows.models import Workflow
from apps.workflows.platforms.loading import Document, documents
from apps.workflows.selectors import graph_of
from apps.workflows.services import workflow_import
from tests.workflows.api.test_import import SHAPES
from tests.workflows.corpus import FOLDERS


def drawn(graph: Graph) -> tuple:
    steps = [(step.id, step.name, step.kind, step.enabled, step.params) for step in graph.steps]
    edges = [(edge.source, edge.target, edge.kind, edge.label, edge.port) for edge in graph.edges]
    return steps, edges, graph.entries, graph.active, graph.missing


def graphs_in(document: Document) -> list[Graph]:
    found = inspect_document(document.content)
    return [item.analysis.graph for item in found if item.analysis is not None]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_graphs_from_what_is_kept(account, shape):
    document = Document(shape, SHAPES[shape][0])
    done = workflow_import(account=account, documents=[document])
    assert [drawn(graph_of(row)) for row in done.workflows] == [
        drawn(graph) for graph in graphs_in(document)
    ]


@pytest.mark.skipif(not os.environ.get("WORKFLOW_CORPUS"), reason="WORKFLOW_CORPUS names no folder")
@pytest.mark.parametrize("name", FOLDERS)
def test_every_real_file_gives_the_same_graphs_from_what_is_kept(account, name):
    Subscription.objects.create(account=account, plan="pro", state="active")
    for path in sorted(Path(os.environ["WORKFLOW_CORPUS"], name).rglob("*.json")):
        [document] = documents(path.read_bytes(), path.name)
        done = workflow_import(account=account, documents=[document])
        if done.errors:
            assert {fault.error.code for fault in done.errors} == {"unsupported_definition"}
            continue
        graphs = [drawn(graph) for graph in graphs_in(document)]
        assert [drawn(graph_of(row)) for row in done.workflows] == graphs, path.name
        again = workflow_import(account=account, documents=[document])
        assert (again.imported, again.unchanged) == (0, len(graphs))
        Workflow.objects.all().delete()
