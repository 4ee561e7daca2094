"""Channels: which addresses are taken, what is kept of them, and what is told, when and to whom."""

import dataclasses
import uuid
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job
from apps.ops.jobs.running import run
from apps.ops.notifications import addresses, channels, notify
from apps.ops.notifications.models import Channel, Notice
from tests.players.server import Player, Reply, serving

pytestmark = pytest.mark.django_db
ALICE = "alice@example.org"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general"
WORSE = {"name": "Lead nurture", "before": "Good", "grade": "High Risk", "score": 42, "new": 3}


class Hook(Player):
    def answer(self, request):
        return Reply(200, {})


@pytest.fixture
def hook(settings):
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, allow_private_addresses=True)
    player = Hook()
    with serving(player):
        yield player


@pytest.fixture
def owner(account) -> uuid.UUID:
    found: uuid.UUID = account.pk
    return found


@pytest.fixture(autouse=True)
def everyone_may_hear(monkeypatch):
    monkeypatch.setattr(channels, "_may_hear", [])


def keep(owner, *rows, members=(ALICE,)) -> list[Channel]:
    whole = [{"name": "Ours", "kinds": ["workflow_worse"], **row} for row in rows]
    return channels.channels_replace(account_id=owner, rows=whole, members=members)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (SLACK, "slack"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544", "telegram"),
        ("whatsapp://token123456@12345678901234/+15551231111", "whatsapp"),
        (f"twilio://AC{'7' * 32}:{'2' * 32}@15551230000/15551231111", "sms"),
        ("json://hooks.example.org/path", "webhook"),
        ("jsons://hooks.example.org:8443/path", "webhook"),
        ("https://hooks.example.org/very-secret?token=abc", "webhook"),
        (f"mailto:{ALICE}", "email"),
    ],
)
def test_address_of_a_known_service_is_taken_and_shown_without_its_secrets(url, kind):
    found = addresses.read(url)
    assert found.type == kind
    for secret in ("TIiajkdnlazkcOXrIdevi7FQ", "JHMHI8qBe7bk2ZwO5U711o3dV_js", "hijklmnop",
                   "token123456", "2" * 32, "very-secret", "abc"):  # fmt: skip
        assert secret not in found.masked


@pytest.mark.parametrize(
    "url",
    [
        "", "hello", "file:///etc/passwd", "exec://rm", "syslog://", "dbus://", "windows://",
        "mmost://127.0.0.1/token", "ntfy://127.0.0.1/topic", "matrix://10.0.0.1", "mqtt://127.0.0.1",
        "mailto:", "mailto:a@b.org,c@d.org", "mailtos://user:password@smtp.example.org",
        "slack://", "slack://incomplete", "discord://1", "json://", "https://", "https://[::1",
        f"{SLACK}?template=file:///etc/passwd", f"{SLACK}?redirect=yes", f"{SLACK}?verify=no",
        f"{SLACK}?mode=hook&template=file:///etc/passwd", f"{SLACK}?TEMPLATE=x",
        "workflows://127.0.0.1:8000/workflow/signature/", "workflows://evil.example.org/wf/sig/",
        "json://localhost/x", "json://127.0.0.1/x", "json://10.0.0.8", "https://169.254.169.254/x",
        "https://[::1]/x", "https://0x7f.1/x", "https://2130706433/", "json://[::ffff:127.0.0.1]/",
        "https://hooks.example.org/a b", "https://hooks.example.org/\r\nX: y",
        "https://" + "x" * 2000,
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url):
    with pytest.raises(ApplicationError) as refused:
        addresses.read(url)
    assert refused.value.code == "validation_error"
    assert "/etc/passwd" not in refused.value.message


def test_address_is_kept_sealed_and_shown_masked(owner):
    [kept] = keep(owner, {"url": SLACK})
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in kept.address + kept.masked
    assert channels.channel_url(kept) == SLACK


def test_channel_without_a_new_address_keeps_its_own(owner):
    [kept] = keep(owner, {"url": SLACK})
    [same] = keep(owner, {"id": kept.pk, "name": "Renamed"})
    [masked] = keep(owner, {"id": kept.pk, "url": kept.masked})
    assert channels.channel_url(same) == channels.channel_url(masked) == SLACK
    assert same.name == "Renamed"


def test_channel_that_is_left_out_is_forgotten(owner):
    first, second = keep(owner, {"url": SLACK}, {"url": "json://hooks.example.org"})
    assert keep(owner, {"id": second.pk}) == [second]
    assert not Channel.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({}, "channels[0].url"),
        ({"id": uuid.uuid4()}, "channels[0].id"),
        ({"url": "file:///x"}, "channels[0].url"),
        ({"url": "mailto:stranger@example.org"}, "channels[0].url"),
    ],
)
def test_row_at_fault_is_named_and_nothing_changes(owner, row, field):
    [kept] = keep(owner, {"url": SLACK})
    with pytest.raises(ApplicationError) as refused:
        keep(owner, row)
    assert refused.value.details[0]["field"] == field
    assert list(channels.channels_for(owner)) == [kept]


def test_channel_of_another_account_cannot_be_taken(owner, charlie):
    [theirs] = keep(charlie.account.pk, {"url": SLACK})
    with pytest.raises(ApplicationError):
        keep(owner, {"id": theirs.pk})


def test_event_reaches_the_channels_that_hear_of_it(
    owner, hook, django_capture_on_commit_callbacks
):
    keep(
        owner,
        {"url": f"{hook.url}/yes"},
        {"url": f"{hook.url}/other", "kinds": ["scan_finished"]},
        {"url": f"{hook.url}/off", "enabled": False},
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert notify(owner, "workflow_worse", WORSE) == 1
    [request] = hook.requests
    assert request.path == "/yes"
    assert request.json()["title"] == "Lead nurture got worse: Good → High Risk"
    channel = Channel.objects.get(name="Ours", last_sent_at__isnull=False)
    assert channel.last_error == ""


def test_unknown_event_is_refused(owner):
    with pytest.raises(KeyError):
        notify(owner, "no_such", {})


def test_plan_without_notifications_is_told_nothing(owner, hook):
    keep(owner, {"url": hook.url})
    channels.allow_by(lambda account: False)
    assert notify(owner, "workflow_worse", WORSE) == 0
    assert not Notice.objects.exists()


def test_channel_that_is_away_is_tried_again_and_says_so(
    owner, hook, django_capture_on_commit_callbacks
):
    [channel] = keep(owner, {"url": hook.url})
    hook.faults = [Reply(500)]
    with django_capture_on_commit_callbacks(execute=True):
        notify(owner, "workflow_worse", WORSE)
    job = Job.objects.get(kind="notifications.send")
    channel.refresh_from_db()
    assert job.state == "failed"
    assert channel.last_error
    Job.objects.update(run_at=timezone.now())
    run(job.pk)
    channel.refresh_from_db()
    assert (channel.last_error, Notice.objects.filter(sent_at=None).count()) == ("", 0)
    run(job.pk)
    assert len(hook.requests) == 2


def test_what_happens_within_an_hour_is_told_together(
    owner, hook, django_capture_on_commit_callbacks
):
    keep(owner, {"url": hook.url, "frequency": "hourly"})
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(25):
            notify(owner, "workflow_worse", {**WORSE, "name": f"Workflow {number}"})
    assert hook.requests == []
    job = Job.objects.get(kind="notifications.send")
    Job.objects.update(run_at=timezone.now())
    run(job.pk)
    [request] = hook.requests
    assert request.json()["title"] == "25 things happened"
    assert "Workflow 19 got worse" in request.json()["message"]
    assert "and 5 more" in request.json()["message"]


def test_member_hears_by_mail(owner, django_capture_on_commit_callbacks):
    keep(owner, {"url": f"mailto:{ALICE}"})
    with django_capture_on_commit_callbacks(execute=True):
        notify(owner, "workflow_worse", {**WORSE, "name": "<b>\r\nBcc: x@y.org"})
    sent: Any = mail.outbox[0]
    assert sent.to == [ALICE]
    assert "List-Unsubscribe" in sent.extra_headers
    assert "<b>" not in sent.alternatives[0][0]


def test_redirect_is_not_followed(owner, hook, django_capture_on_commit_callbacks):
    keep(owner, {"url": f"{hook.url}/first"})
    hook.always = Reply(302, headers={"Location": f"{hook.url}/second"})
    with django_capture_on_commit_callbacks(execute=True):
        notify(owner, "workflow_worse", WORSE)
    assert {each.path for each in hook.requests} == {"/first"}
    assert Job.objects.get(kind="notifications.send").state != "done"


def test_old_notices_are_pruned(owner):
    [channel] = keep(owner, {"url": SLACK})
    Notice.objects.create(channel=channel, kind="workflow_worse", title="x", body="y")
    assert channels.notices_prune(before=timezone.now() - channels.KEPT) == 0
    assert channels.notices_prune(before=timezone.now()) == 1
