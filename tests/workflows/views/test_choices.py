"""Setting findings aside, and weighing rules, on pages."""

import datetime

import pytest
from django.utils import timezone

from apps.workflows.models import RuleSettings, Suppression

TOMORROW = (timezone.now() + datetime.timedelta(days=2)).date().isoformat()


def set_aside(client, **said):
    return client.post("/suppressions", {"rule": "loop-without-exit", "reason": "Known", **said})


def test_rule_is_set_aside_everywhere_with_reason_and_day(owner, alice, analysis):
    assert set_aside(owner, expires=TOMORROW).status_code == 302
    [row] = Suppression.objects.all()
    assert (row.rule_id, row.reason, row.created_by) == ("loop-without-exit", "Known", alice.user)
    assert row.expires_at
    assert row.expires_at.date().isoformat() == TOMORROW
    page = owner.get("/suppressions").content.decode()
    assert "Everywhere" in page
    assert "Known" in page


def test_rule_is_set_aside_on_one_workflow(owner, analysis):
    set_aside(owner, workflow=str(analysis.workflow_id))
    assert Suppression.objects.get().workflow_id == analysis.workflow_id


def test_finding_is_set_aside_from_its_report(owner, analysis):
    fingerprint = analysis.findings["issues"][0]["fingerprint"]
    address = f"/suppressions?fingerprint={fingerprint}&amp;rule=loop-without-exit#add"
    assert address in owner.get(f"/analysis/{analysis.pk}").content.decode()
    form = owner.get(address.replace("&amp;", "&")).content.decode()
    assert f'name="fingerprint" value="{fingerprint}"' in form
    set_aside(owner, fingerprint=fingerprint)
    row = Suppression.objects.get()
    assert (row.fingerprint, row.rule_id) == (fingerprint, "")


def test_set_aside_finding_is_counted_apart_from_the_next_analysis_on(owner, analysis, pro):
    set_aside(owner)
    answer = owner.post(f"/workflows/{analysis.workflow_id}/analyse", follow=True)
    page = answer.content.decode()
    assert page.count('class="issue ') == 6
    assert "1 issue set aside" in page
    assert "Known" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""}, {"reason": "\x00"}, {"rule": ""}, {"rule": "no-such-rule"},
        {"expires": "tomorrow"}, {"expires": "2001-01-01"}, {"workflow": "x"},
        {"workflow": "00000000-0000-4000-8000-000000000000"},
    ],
)  # fmt: skip
def test_wrong_input_is_explained_and_nothing_set_aside(owner, analysis, wrong):
    answer = set_aside(owner, **wrong)
    assert answer.status_code in (400, 404)
    assert 'role="alert"' in answer.content.decode()
    assert not Suppression.objects.exists()


def test_workflow_of_a_stranger_cannot_be_named(stranger, analysis):
    assert set_aside(stranger, workflow=str(analysis.workflow_id)).status_code == 404


def test_hostile_reason_is_only_text(owner, analysis):
    set_aside(owner, reason="<script>alert(1)</script>\u202e" + "x" * 400)
    page = owner.get("/suppressions").content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_viewer_sees_what_is_set_aside_and_changes_nothing(owner, viewer, analysis):
    set_aside(owner)
    page = viewer.get("/suppressions").content.decode()
    assert "Known" in page
    assert "Report again" not in page
    assert set_aside(viewer).status_code == 403


def weigh(client, **said):
    return client.post("/settings/rules", said)


def test_severity_and_threshold_are_kept_only_where_they_differ(owner, account):
    said = {"insecure-url": "low", "loop-without-exit": "", "excessive-complexity.max_steps": "12"}
    assert weigh(owner, **said).status_code == 302
    assert RuleSettings.objects.get(account=account).rules == {
        "insecure-url": {"severity": "low"},
        "excessive-complexity": {"max_steps": 12},
    }
    page = owner.get("/settings/rules").content.decode()
    assert page.count(">changed</span>") == 2
    assert 'value="12"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"insecure-url": "loud"},
        {"excessive-complexity.max_steps": "many"},
        {"excessive-complexity.max_steps": "-1"},
        {"excessive-complexity.max_steps": "nan"},
        {"excessive-complexity.max_steps": "1e999"},
    ],
)
def test_wrong_weight_is_explained_and_nothing_kept(owner, account, wrong):
    answer = weigh(owner, **wrong)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not RuleSettings.objects.exists()


def test_unknown_rule_in_the_form_is_ignored(owner, account):
    assert weigh(owner, nonsense="low").status_code == 302
    assert RuleSettings.objects.get(account=account).rules == {}


def test_viewer_cannot_weigh_rules(viewer):
    page = viewer.get("/settings/rules").content.decode()
    assert "<button>Save</button>" not in page
    assert weigh(viewer).status_code == 403
