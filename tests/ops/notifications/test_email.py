"""E-mail: sent after the commit, once, as text and HTML, and not to those who must not get it."""

import re

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import User
from apps.ops.errors import ApplicationError
from apps.ops.jobs import Job
from apps.ops.notifications.catalogue import EMAILS
from apps.ops.notifications.email import email_enqueue, email_suppress, render, unsubscribe_url
from apps.ops.notifications.models import EmailSuppression

pytestmark = pytest.mark.django_db
ALICE = "alice@example.org"
HOSTILE = '<script>alert(1)</script>"\r\nBcc: all@example.org\r\n\r\nsecond body'


@pytest.fixture
def send(django_capture_on_commit_callbacks):
    def run(name: str, to: str = ALICE, /, **context):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            email_enqueue(name, to=to, context={**EMAILS[name].example, **context})
        return mail.outbox

    return run


@pytest.mark.parametrize("name", EMAILS)
def test_every_mail_is_sent_as_text_and_html(send, name):
    [sent] = send(name)
    assert sent.to == [ALICE]
    assert sent.subject
    assert "\n" not in sent.subject
    [(html, kind)] = sent.alternatives
    assert kind == "text/html"
    for text in (sent.body, html, sent.subject):
        assert "{{" not in text
        assert "{%" not in text
    assert "Workflow Debugger" in sent.body


@pytest.mark.parametrize("name", EMAILS)
def test_mail_can_do_with_the_least(name):
    rendered = render(name, {})
    assert "None" not in rendered.text + rendered.html


@pytest.mark.parametrize("name", EMAILS)
def test_hostile_names_stay_names(send, name):
    hostile = {
        key: HOSTILE for key, value in EMAILS[name].example.items() if isinstance(value, str)
    }
    [sent] = send(name, **hostile)
    [(html, _)] = sent.alternatives
    assert "<script>" not in html
    assert not re.search(r"^Bcc:", sent.body, re.MULTILINE)
    whole = sent.message().as_string()
    assert not re.search(r"^Bcc:", whole, re.MULTILINE)
    assert sent.recipients() == [ALICE]


@pytest.mark.parametrize(
    "to",
    ["", "alice", "a@b@c", f"{ALICE}\r\nBcc: b@c.org", f"{ALICE}, bob@example.org", f"<{ALICE}>"],
)
def test_what_is_no_single_address_is_refused(to):
    with pytest.raises(ApplicationError):
        email_enqueue("welcome", to=to, context={})
    assert not Job.objects.exists()


def test_unknown_mail_is_refused():
    with pytest.raises(KeyError):
        email_enqueue("no_such", to=ALICE, context={})


def test_same_mail_is_enqueued_once():
    first = email_enqueue("welcome", to=ALICE, context={}, key="welcome:alice")
    assert email_enqueue("welcome", to=ALICE, context={}, key="welcome:alice").pk == first.pk


def test_only_optional_mail_can_be_unsubscribed_from(send):
    [sent] = send("weekly_summary")
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in sent.body
    [sent] = send("receipt")
    assert "List-Unsubscribe" not in sent.extra_headers


def path_of(url: str) -> str:
    return "/email" + url.partition("/email")[2]


def test_one_click_unsubscribes_from_what_is_optional(send):
    link = path_of(unsubscribe_url(ALICE.upper()))
    browser = Client(enforce_csrf_checks=True)
    assert "Unsubscribe?" in browser.get(link).content.decode()
    assert send("weekly_summary")
    for _ in range(2):
        answer = browser.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert not send("weekly_summary")
    assert not send("scan_finished", "Alice@Example.org")
    assert send("receipt")
    assert send("weekly_summary", "bob@example.org")


@pytest.mark.parametrize("token", ["x", "x:y:z"])
def test_link_that_is_not_ours_does_nothing(token):
    assert Client().post(f"/email/unsubscribe/{token}").status_code == 404
    forged = path_of(unsubscribe_url(ALICE))[:-1]
    assert Client().post(forged).status_code == 404
    assert not EmailSuppression.objects.exists()


@pytest.mark.parametrize("reason", ["bounced", "complained"])
def test_bounce_or_complaint_stops_all_mail_to_that_address(send, reason):
    email_suppress(to=ALICE, reason=EmailSuppression.Reason(reason))
    assert not send("receipt")
    assert not send("weekly_summary")
    assert send("receipt", "bob@example.org")
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_links_lead_to_the_site(send, settings):
    settings.FRONTEND_URL = "https://app.example.org"
    [sent] = send("scan_finished")
    assert "https://app.example.org/scans" in sent.body
    assert 'href="https://app.example.org/scans"' in sent.alternatives[0][0]


def test_repeated_tries_carry_the_same_message_id(send):
    [sent] = send("receipt")
    assert str(Job.objects.get().pk) in sent.extra_headers["Message-ID"]


@pytest.fixture
def staff(settings) -> Client:
    settings.STAFF_TWO_FACTOR = False
    client = Client()
    client.force_login(User.objects.create_superuser("admin@example.org", "correct horse"))
    return client


def test_staff_see_every_mail_before_it_is_sent(staff):
    place = "/admin/ops/emailsuppression/"
    assert "previews/" in staff.get(place).content.decode()
    shown = staff.get(f"{place}previews/").content.decode()
    for name in EMAILS:
        assert f"{name}.html" in shown
        page = staff.get(f"{place}previews/{name}.html")
        assert "'unsafe-inline'" in page["Content-Security-Policy"]
        assert "script-src 'unsafe-inline'" not in page["Content-Security-Policy"]
        assert staff.get(f"{place}previews/{name}.txt").content.startswith(b"Subject: ")


@pytest.mark.parametrize("path", ["nothing.html", "welcome.pdf"])
def test_preview_of_what_is_no_mail_is_not_found(staff, path):
    assert staff.get(f"/admin/ops/emailsuppression/previews/{path}").status_code == 404


def test_previews_are_for_staff():
    answer = Client().get("/admin/ops/emailsuppression/previews/welcome.html")
    assert answer.status_code == 302
