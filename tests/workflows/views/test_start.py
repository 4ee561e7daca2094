"""Trying a workflow without signing in, and without JavaScript."""

import io
import json
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.workflows.models import Analysis, Workflow
from apps.workflows.samples import NAMES, sample, sample_text
from tests.workflows.views.conftest import browser


def upload(client, data: bytes, name="export.json"):
    return client.post("/", {"file": SimpleUploadedFile(name, data)})


def zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.json", text)
    return out.getvalue()


def test_start_page_is_for_anyone(visitor):
    answer = visitor.get("/")
    assert answer.status_code == 200
    assert "Nothing you give is stored" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "score", "issues"), [("critical", 0, 12), ("medium", 22, 7), ("healthy", 94, 2)]
)
def test_sample_shows_its_report_with_every_issue(visitor, name, score, issues):
    page = visitor.post("/", {"sample": name}).content.decode()
    assert f"Health score {score} of 100" in page
    assert len(re.findall(r'<li class="issue ', page)) == issues
    assert "Sign in to keep reports" in page


def test_file_and_pasted_text_give_the_same_report(visitor):
    text = sample_text("medium")
    filed = upload(visitor, text.encode()).content.decode()
    pasted = visitor.post("/", {"definition": text}).content.decode()
    count = filed.count('class="issue ')
    assert count == pasted.count('class="issue ') == 7
    assert "export.json" in filed
    assert "pasted text" in pasted


def test_nothing_of_a_visitor_is_stored(visitor):
    upload(visitor, sample_text("medium").encode())
    assert not Analysis.objects.exists()
    assert not Workflow.objects.exists()


def test_zip_shows_every_workflow(visitor):
    page = upload(visitor, zipped(a=sample_text("critical"), b=sample_text("healthy")), "all.zip")
    text = page.content.decode()
    assert "2 workflows in" in text
    assert "Health score 0 of 100" in text
    assert "Health score 94 of 100" in text


def test_part_that_cannot_be_read_is_named_and_the_rest_is_shown(visitor):
    page = upload(visitor, zipped(a="{broken", b=sample_text("healthy")), "all.zip")
    assert page.status_code == 200
    assert "Not valid JSON" in page.content.decode()
    assert "Health score 94 of 100" in page.content.decode()


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"", 400, "The file is empty"),
        (b"{broken", 400, "Not valid JSON"),
        (b"\xff\xfe\x00", 400, "UTF-16"),
        (b'{"hello": 1}', 422, "No workflow of a known platform"),
        (b"PK\x03\x04nonsense", 422, "The ZIP cannot be read"),
        (b"[" * 300 + b"]" * 300, 400, "nested more than"),
    ],
)
def test_wrong_file_is_answered_on_the_form_with_the_reason(visitor, data, status, says):
    answer = upload(visitor, data)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_nothing_given_says_so(visitor):
    answer = visitor.post("/", {})
    assert answer.status_code == 400
    assert "Choose a file or paste a definition" in answer.content.decode()


def test_pasted_text_that_is_wrong_is_still_there_to_correct(visitor):
    answer = visitor.post("/", {"definition": '{"almost": '})
    assert "{&quot;almost&quot;: </textarea>" in answer.content.decode()


def test_program_that_posts_a_wrong_file_gets_the_envelope(visitor):
    answer = visitor.post("/", {"definition": "{"}, HTTP_ACCEPT="*/*")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed_json"


def test_form_without_its_token_is_refused_with_a_page():
    answer = browser(enforce_csrf_checks=True).post("/", {"sample": "medium"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


HOSTILE = [
    "<script>alert(1)</script>",
    "\u202etxt.exe",
    "x" * 10_000,
    "\ud800",
    "\x00",
    "👩‍👩‍👧" * 50,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_break_no_report(visitor, name):
    definition = sample("critical")
    definition["workflow"]["name"] = name
    for step in definition["workflow"]["workflowData"]["templates"]:
        step["name"] = name
    answer = visitor.post("/", {"definition": json.dumps(definition)})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert len(page) < 400_000


@pytest.mark.parametrize("name", NAMES)
def test_report_of_a_sample_is_light(visitor, name):
    assert len(visitor.post("/", {"sample": name}).content) < 150_000
