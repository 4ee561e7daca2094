"""Documents become workflows with versions: what is new, what is known, what cannot be read."""

import json

import pytest

from apps.workflows import intake
from apps.workflows.models import ReferenceList, Workflow, WorkflowVersion
from apps.workflows.platforms.loading import Document, documents
from apps.workflows.samples import sample
from apps.workflows.selectors import (
    account_lists_of,
    definition_of,
    newest_version_of,
    versions_of,
    workflows_for,
)
from apps.workflows.services import (
    Listed,
    analysis_create,
    workflow_from_listing,
    workflow_import,
)

STEPS = [{"id": f"s{n}", "type": "sms", "attributes": {"body": f"Hello {n}"}} for n in range(3)]


def bring(account, *contents):
    return workflow_import(
        account=account, documents=[Document(f"{n}.json", each) for n, each in enumerate(contents)]
    )


def test_a_definition_is_kept_as_it_came(account):
    first = bring(account, sample("medium"))
    assert (first.imported, first.unchanged, first.errors) == (1, 0, [])
    [workflow] = first.workflows
    assert json.dumps(definition_of(workflow)) == json.dumps(sample("medium"))


def test_the_same_again_adds_nothing(account):
    bring(account, sample("medium"))
    updated = Workflow.objects.get().updated_at
    again = bring(account, sample("medium"))
    assert (again.imported, again.unchanged) == (0, 1)
    assert WorkflowVersion.objects.count() == 1
    assert Workflow.objects.get().updated_at == updated


def test_a_change_is_a_new_version_and_going_back_is_the_old_one(account):
    old, new = sample("medium"), sample("medium")
    new["workflow"]["name"] = "Another name"
    assert bring(account, old).imported == 1
    assert bring(account, new).imported == 1
    [workflow] = workflows_for(account)
    assert (workflow.name, definition_of(workflow)) == ("Another name", new)
    assert bring(account, old).imported == 0
    assert definition_of(workflow) == old
    assert versions_of(workflow).count() == 2
    assert versions_of(workflow)[0].created_at < versions_of(workflow)[1].created_at


def test_another_export_of_the_same_content_is_no_new_version(account):
    first, second = sample("medium"), sample("medium")
    second["exportedAt"] = "2031-01-01T00:00:00Z"
    bring(account, first)
    assert bring(account, second).unchanged == 1


def test_a_broken_file_is_listed_and_the_rest_is_kept(account):
    found = workflow_import(
        account=account,
        documents=[*documents(b"{", "broken.json"), Document("good.json", sample("medium"))],
    )
    assert found.imported == 1
    assert [(fault.name, fault.error.code) for fault in found.errors] == [
        ("broken.json", "malformed_json")
    ]


def test_lists_of_an_account_are_kept_beside_its_workflows(account):
    bundle = {"workflows": [sample("medium")["workflow"]], "tags": [{"id": "t", "name": "vip"}]}
    bring(account, bundle)
    assert account_lists_of(account) == {"tags": [{"id": "t", "name": "vip"}]}
    bring(account, {**bundle, "tags": []})
    assert account_lists_of(account) == {"tags": []}
    assert ReferenceList.objects.count() == 1


def test_a_list_of_names_brings_workflows_without_steps(account):
    rows = [Listed("w1", "Welcome", "active"), Listed("w2", "")]
    for _ in range(2):
        workflow_from_listing(
            account=account, platform="highlevel", source=Workflow.Source.HIGHLEVEL, rows=rows
        )
    first, second = workflows_for(account).order_by("external_id")
    assert (first.name, first.status, first.has_definition) == ("Welcome", "active", False)
    assert (second.name, second.health_score) == ("Unnamed workflow", None)
    assert newest_version_of(first) is None
    assert definition_of(first) is None


def test_an_export_gives_a_listed_workflow_its_steps(account):
    definition = sample("medium")
    definition["workflow"]["_id"] = "w1"
    workflow_from_listing(
        account=account,
        platform="highlevel",
        source=Workflow.Source.HIGHLEVEL,
        rows=[Listed("w1", "Welcome")],
    )
    assert bring(account, definition).imported == 1
    [workflow] = workflows_for(account)
    assert (workflow.has_definition, workflow.source) == (True, "highlevel")


def test_an_export_without_an_id_is_the_only_listed_workflow_of_its_name(account):
    definition = {"name": "Welcome", "workflowData": {"templates": []}}
    source = Workflow.Source.HIGHLEVEL
    workflow_from_listing(
        account=account,
        platform="highlevel",
        source=source,
        rows=[Listed("w1", "Welcome"), Listed("w2", "Twin"), Listed("w3", "Twin")],
    )
    for expected in (1, 0):
        found = bring(account, definition)
        assert found.imported == expected
        assert [row.external_id for row in found.workflows] == ["w1"]
    [twin] = bring(account, {**definition, "name": "Twin"}).workflows
    assert (twin.external_id, twin.source) == ("", "upload")
    assert Workflow.objects.count() == 4


def test_several_of_one_name_and_no_id_are_several_workflows(account):
    parts = [{"name": "My workflow", "workflowData": {"templates": [step]}} for step in STEPS]
    for expected in (3, 0):
        found = bring(account, [*parts, parts[0]])
        assert (found.imported, found.errors) == (expected, [])
    assert [row.name for row in workflows_for(account).order_by("name")] == [
        "My workflow", "My workflow (2)", "My workflow (3)",
    ]  # fmt: skip
    assert WorkflowVersion.objects.count() == 3


def test_numbers_step_over_names_that_are_taken(account):
    names = ["A", "A (2)", "A", "A"]
    parts = [
        {"name": name, "workflowData": {"templates": [STEPS[n % 3] | {"id": f"x{n}"}]}}
        for n, name in enumerate(names)
    ]
    for expected in (4, 0):
        assert bring(account, parts).imported == expected
    assert {row.name for row in workflows_for(account)} == {"A", "A (2)", "A (3)", "A (4)"}


def test_more_than_may_be_imported_at_once_is_refused_before_it_is_read(account, monkeypatch):
    monkeypatch.setattr(intake, "MOST_AT_ONCE", 2)
    parts = [{"name": f"W{n}", "workflowData": {"templates": []}} for n in range(3)]
    found = bring(account, parts, parts[:2])
    assert found.imported == 2
    assert [fault.error.code for fault in found.errors] == ["payload_too_large"]


def test_whatever_a_list_says_is_kept_within_bounds(account):
    rows = [Listed("x" * 5_000, "n\x00" * 5_000), Listed("x" * 4_999 + "y", "\ud800")]
    for _ in range(2):
        found = workflow_from_listing(
            account=account, platform="highlevel", source=Workflow.Source.HIGHLEVEL, rows=rows
        )
    assert [(len(row.external_id), len(row.name)) for row in found] == [(200, 500), (200, 1)]
    assert Workflow.objects.count() == 2


@pytest.mark.parametrize("other", [{"hello": 1}, {"workflow": {"hello": 1}}, {}])
def test_nothing_in_a_list_is_passed_over_in_silence(account, other):
    flow = {"name": "One", "nodes": [], "connections": {}}
    raw = {"name": "Raw", "workflowData": {"templates": STEPS}}
    found = bring(account, [flow, sample("medium"), other, raw])
    assert {row.platform for row in found.workflows} == {"n8n", "highlevel"}
    assert (found.imported, len(found.errors)) == (3, 1)
    assert found.errors[0].name == "0.json[2]"
    for pair in ([flow, other], [raw, other]):
        assert len(bring(account, pair).errors) == 1


def test_of_one_id_twice_in_a_file_the_first_is_kept(account):
    parts = [{"id": "w", "name": "W", "workflowData": {"templates": [step]}} for step in STEPS[:2]]
    for expected in (1, 0):
        found = bring(account, {"workflows": parts})
        assert found.imported == expected
        assert [fault.error.code for fault in found.errors] == ["conflict"]
    assert definition_of(Workflow.objects.get()) == parts[0]


def test_an_analysis_keeps_the_definition_once_and_scores_its_version(account):
    for _ in range(2):
        analysis = analysis_create(account=account, definition=sample("medium"))
    [workflow] = workflows_for(account)
    assert (workflow.health_score, workflow.grade) == (22, "High Risk")
    [version] = versions_of(workflow)
    assert version == analysis.version
    assert (version.health_score, version.content_hash) == (22, analysis.content_hash)
