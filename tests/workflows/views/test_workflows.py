"""The account's workflows as pages: bringing in, listing, one with its versions."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.workflows.models import Analysis, Workflow
from apps.workflows.platforms.loading import documents
from apps.workflows.samples import sample, sample_text
from apps.workflows.services import workflow_import
from tests.workflows.views.test_start import zipped


def bring(client, data: bytes | str, name="export.json", path="/workflows"):
    data = data.encode() if isinstance(data, str) else data
    return client.post(path, {"file": SimpleUploadedFile(name, data)}, follow=True)


@pytest.mark.parametrize("path", ["/workflows", "/"])
def test_file_of_one_workflow_is_kept_and_leads_to_its_report(owner, alice, path):
    answer = bring(owner, sample_text("medium"), path=path)
    assert "Health score 22 of 100" in answer.content.decode()
    [workflow] = Workflow.objects.filter(account=alice.account)
    assert workflow.analyses.count() == 1
    assert "Webinar follow-up" in owner.get("/workflows").content.decode()


def test_file_of_several_leads_to_the_list(owner):
    data = zipped(a=sample_text("critical"), b=sample_text("healthy"))
    page = bring(owner, data, "all.zip").content.decode()
    assert "2 workflows brought in." in page
    assert Analysis.objects.count() == 2


def test_known_content_is_said_to_be_known(owner):
    bring(owner, sample_text("medium"))
    page = bring(owner, sample_text("medium")).content.decode()
    assert "1 known already" in page
    assert Workflow.objects.count() == 1


def test_broken_part_is_named_beside_the_rest(owner):
    page = bring(owner, zipped(a="{", b=sample_text("healthy")), "all.zip").content.decode()
    assert "Not valid JSON" in page
    assert Workflow.objects.count() == 1


@pytest.mark.parametrize(("data", "status"), [(b"", 400), (b"{", 400), (b'{"a": 1}', 422)])
@pytest.mark.parametrize("path", ["/workflows", "/"])
def test_wrong_file_is_explained_and_nothing_kept(owner, data, status, path):
    answer = bring(owner, data, path=path)
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert not Workflow.objects.exists()


def test_viewer_may_try_on_the_start_page_but_keeps_nothing(viewer):
    assert bring(viewer, sample_text("medium")).status_code == 403
    answer = bring(viewer, sample_text("medium"), path="/")
    assert "not stored" in answer.content.decode()
    assert not Workflow.objects.exists()


def test_viewer_sees_no_form_to_bring_in(viewer, analysis):
    assert "multipart/form-data" not in viewer.get("/workflows").content.decode()


def test_list_shows_only_the_own_account(stranger, analysis):
    assert "Webinar follow-up" not in stranger.get("/workflows").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=webinar", True),
        ("search=zebra", False),
        ("platform=highlevel", True),
        ("platform=make", False),
        ("grade=High+Risk", True),
        ("grade=Excellent", False),
        ("platform=cobol&grade=x&ordering=y&page=-3&search=%00", True),
    ],
)
def test_list_is_narrowed(owner, analysis, query, found):
    assert ("Webinar follow-up" in owner.get(f"/workflows?{query}").content.decode()) is found


def test_list_has_a_trend_from_the_second_analysis_on(owner, alice, analysis):
    assert "Webinar follow-up: from" not in owner.get("/workflows").content.decode()
    assert owner.post(f"/workflows/{analysis.workflow_id}/analyse").status_code == 302
    page = owner.get("/workflows").content.decode()
    assert "Webinar follow-up: from 22 to 22 in 2 analyses" in page


def test_page_of_a_workflow_shows_versions_and_analyses(owner, alice, analysis):
    changed = sample("medium")
    changed["workflow"]["workflowData"]["templates"].pop()
    workflow_import(account=alice.account, documents=documents(json.dumps(changed).encode(), "x"))
    page = owner.get(f"/workflows/{analysis.workflow_id}").content.decode()
    assert page.count("<tr><td><code>") == 2
    assert f'href="/analysis/{analysis.pk}"' in page
    assert "current" in page


def test_workflow_without_steps_says_what_to_do(owner, alice):
    workflow = Workflow.objects.create(
        account=alice.account, platform="highlevel", name="From a list", identity="x"
    )
    page = owner.get(f"/workflows/{workflow.pk}").content.decode()
    assert "Only its name is known" in page
    answer = owner.post(f"/workflows/{workflow.pk}/analyse")
    assert answer.status_code == 409
    assert "upload an export" in answer.content.decode()


def test_hostile_names_break_no_list(owner, alice):
    for name in ("<script>alert(1)</script>", "\u202etxt", "x" * 500, "\u200f" * 100):
        Workflow.objects.create(account=alice.account, platform="n8n", name=name, identity=name[:9])
    page = owner.get("/workflows").content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_list_asks_no_question_per_row(owner, alice, django_assert_max_num_queries):
    data = zipped(
        **{f"w{n}": json.dumps({"name": f"W{n}", "nodes": [], "connections": {}}) for n in range(9)}
    )
    workflow_import(account=alice.account, documents=documents(data, "x.zip"))
    with django_assert_max_num_queries(9):
        assert owner.get("/workflows").status_code == 200
