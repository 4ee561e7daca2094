"""The simulator as a page, by a plain form."""

import re

import pytest

from apps.workflows.models import WorkflowVersion


def walk(client, analysis, **said):
    return client.get("/simulate", {"workflow": str(analysis.workflow_id), **said})


def test_walk_is_shown_step_by_step_with_times_and_the_end(viewer, analysis):
    answer = walk(viewer, analysis, start="2027-03-01T09:00")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 Mar 2027, 09:00 UTC" in page
    assert page.count("<li data-step=") >= 3
    assert "<strong>The end</strong>" in page
    assert "wd-lit" in page


def test_what_happens_meanwhile_changes_the_way(viewer, analysis):
    alone = walk(viewer, analysis, start="2027-03-01T09:00").content.decode()
    said = {"event": "reply", "after": "2h", "value": "", "start": "2027-03-01T09:00"}
    replied = walk(viewer, analysis, **said).content.decode()
    steps = re.compile(r'<li data-step="([^"]*)"')
    assert steps.findall(alone) != steps.findall(replied)
    assert 'value="2h"' in replied


def test_form_keeps_what_was_said(viewer, analysis):
    said = {"tags": "vip, <b>", "fields": "first_name: Ada", "dnd": "sms", "timezone": "Asia/Tokyo"}
    page = walk(viewer, analysis, **said).content.decode()
    assert 'value="vip, &lt;b&gt;"' in page
    assert "first_name: Ada</textarea>" in page
    assert 'value="Asia/Tokyo"' in page


@pytest.mark.parametrize(
    ("said", "status", "says"),
    [
        ({"fields": "no colon"}, 400, "name: value"),
        ({"timezone": "Moon/Base"}, 400, "time zone"),
        ({"event": "explosion", "after": "2h"}, 400, "no such event"),
        ({"event": "reply", "after": "soon"}, 400, "Give seconds"),
        ({"start": "tomorrow"}, 400, ""),
        ({"workflow": "x"}, 400, ""),
        ({"workflow": "00000000-0000-4000-8000-000000000000"}, 404, "no workflow"),
    ],
)
def test_wrong_input_is_explained_on_the_form(viewer, analysis, said, status, says):
    answer = walk(viewer, analysis, **said)
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert says in answer.content.decode()


def test_workflow_of_a_stranger_is_not_walked(stranger, analysis):
    assert walk(stranger, analysis).status_code == 404


def test_workflow_without_its_steps_is_not_offered(viewer, analysis):
    WorkflowVersion.objects.all().delete()
    assert "Webinar follow-up" not in viewer.get("/simulate").content.decode()
    assert walk(viewer, analysis).status_code == 409


@pytest.mark.parametrize("query", ["event=&after=&value=", "event=reply", "after=%00", "tags=%00"])
def test_strange_forms_break_nothing(viewer, analysis, query):
    address = f"/simulate?workflow={analysis.workflow_id}&{query}"
    assert viewer.get(address).status_code in (200, 400)
