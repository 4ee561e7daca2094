"""Staff import for an account as it would itself; they see what is kept, but no definition."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.ops.models import AuditEntry
from apps.workflows.models import Workflow
from apps.workflows.platforms.loading import Document
from apps.workflows.samples import sample, sample_text
from apps.workflows.services import (
    rule_settings_replace,
    suppression_create,
    workflow_import,
)
from tests.cast import sign_in_staff

IMPORT = "/admin/workflows/workflow/import"
SECRET = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"


def send(staff, account, data: bytes, name="export.json", reason="They asked us to"):
    file = SimpleUploadedFile(name, data)
    return staff.post(IMPORT, {"account": str(account.pk), "file": file, "reason": reason})


def test_staff_import_for_an_account(staff, account):
    assert "Import for an account" in staff.get("/admin/workflows/workflow/").content.decode()
    assert staff.get(IMPORT).status_code == 200
    page = send(staff, account, sample_text("medium").encode()).content.decode()
    workflow = Workflow.objects.get(account=account)
    assert "1 imported, 0 known already." in page
    assert f"/admin/workflows/workflow/{workflow.pk}/change/" in page
    assert workflow.source == "upload"
    entry = AuditEntry.objects.get(action="import")
    assert (entry.target_id, entry.reason) == (str(account.pk), "They asked us to")
    page = send(staff, account, sample_text("medium").encode()).content.decode()
    assert "0 imported, 1 known already." in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "Not valid JSON"),
        (b'{"hello": 1}', "No workflow of a known platform"),
        (b"<script>alert(1)</script>", "Not valid JSON"),
    ],
)
def test_what_cannot_be_read_is_told(staff, account, data, said):
    page = send(staff, account, data, "<b>.json").content.decode()
    assert said in page
    assert "<b>" not in page
    assert not Workflow.objects.exists()


def test_the_plan_of_the_account_holds_for_staff_too(staff, account):
    parts = [{"workflow": {"name": f"W{n}", "templates": []}} for n in range(10)]
    workflow_import(account=account, documents=[Document("x", parts)])
    page = send(staff, account, sample_text("medium").encode()).content.decode()
    assert "The free plan allows 10 workflows" in page
    assert Workflow.objects.count() == 10
    assert not AuditEntry.objects.filter(action="import").exists()


def test_a_form_that_is_not_filled_in_imports_nothing(staff, account, charlie):
    for sent in ({}, {"account": "x"}, {"account": str(charlie.user.pk), "reason": "x"}):
        assert staff.post(IMPORT, sent).status_code == 200
    assert send(staff, account, b"{}", reason=" ").status_code == 200
    assert not Workflow.objects.exists()


def test_only_who_may_add_workflows_may_import(account, db):
    user = User.objects.create_user("helper@example.org", "correct horse", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_workflow"))
    helper = sign_in_staff(Client(), user)
    assert "Import for" not in helper.get("/admin/workflows/workflow/").content.decode()
    assert helper.get(IMPORT).status_code == 403
    assert send(helper, account, sample_text("medium").encode()).status_code == 403
    assert Client().get(IMPORT).status_code == 302


def test_no_page_shows_a_definition(staff, account):
    definition = sample("medium")
    definition["workflow"]["workflowData"]["templates"][0]["attributes"]["key"] = SECRET
    bundle = {"workflows": [definition], "users": [{"id": "u1", "name": "Anna Berg"}]}
    workflow_import(account=account, documents=[Document("x", bundle)])
    rule_settings_replace(account=account, rules={"insecure-url": "off"})
    suppression_create(account=account, rule_id="insecure-url", reason="known")
    workflow = Workflow.objects.get()
    assert SECRET in workflow.versions.get().definition
    rows = [
        workflow,
        account.reference_lists.get(),
        account.rule_settings,
        *account.suppressions.all(),
    ]
    for row in rows:
        model = row._meta.model_name
        for url in (f"/admin/workflows/{model}/", f"/admin/workflows/{model}/{row.pk}/change/"):
            answer = staff.get(url)
            assert answer.status_code == 200
            assert SECRET not in answer.content.decode()
            assert "Anna Berg" not in answer.content.decode()
        assert staff.get(f"/admin/workflows/{model}/add/").status_code == 403
