"""Mail over real sockets: an SMTP server that refuses, a mail service and what it reports."""

import base64
import json
import socketserver
import threading
from email import message_from_string, policy

import pytest
from django.core import mail
from django.test import Client

from apps.ops.jobs import Job
from apps.ops.notifications.catalogue import EMAILS
from apps.ops.notifications.email import email_enqueue
from apps.ops.notifications.models import EmailSuppression
from config.mail import SERVICES, email

pytestmark = pytest.mark.django_db
ALICE = "alice@example.org"
SECRET = {"WEBHOOK_SECRET": "reporter:very-secret"}
BOUNCE = {
    "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Email": ALICE,
    "Description": "The server was unable to deliver your message.", "ID": 1, "MessageID": "m",
    "BouncedAt": "2026-03-01T10:00:00Z", "Inactive": True,
}  # fmt: skip


class _Server(socketserver.ThreadingTCPServer):
    letters: list[str]
    answer = b""


class _Smtp(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(b"".join(lines).decode())
                self.wfile.write(b"250 taken\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            elif word == b"RCPT" and self.server.answer:
                self.wfile.write(self.server.answer + b"\r\n")
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def smtp(settings):
    with _Server(("127.0.0.1", 0), _Smtp) as server:
        server.letters = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        yield server
        server.shutdown()


@pytest.fixture
def send(django_capture_on_commit_callbacks):
    def run(name: str = "weekly_summary"):
        with django_capture_on_commit_callbacks(execute=True):
            return email_enqueue(name, to=ALICE, context=EMAILS[name].example)

    return run


def test_letter_as_it_leaves(smtp, send):
    send()
    [letter] = smtp.letters
    read = message_from_string(letter, policy=policy.default)
    assert read["To"] == ALICE
    assert read["List-Unsubscribe"].strip().startswith("<http")
    assert read["List-Unsubscribe"].endswith(">")
    assert [part.get_content_type() for part in read.walk()][1:] == ["text/plain", "text/html"]


def test_address_that_the_server_does_not_know_is_not_tried_again(smtp, send):
    smtp.answer = b"550 no such user"
    job = send()
    job.refresh_from_db()
    assert job.state == "dead"
    assert EmailSuppression.objects.get().reason == "bounced"
    send()
    assert smtp.letters == []
    assert Job.objects.latest("created_at").state == "done"


@pytest.mark.parametrize("answer", [b"451 later", b"452 mailbox full"])
def test_server_that_says_later_is_asked_again(smtp, send, answer):
    smtp.answer = answer
    job = send()
    job.refresh_from_db()
    assert job.state == "failed"
    assert not EmailSuppression.objects.exists()


def test_server_that_is_away_is_asked_again(smtp, send, settings):
    settings.EMAIL_PORT = 1
    job = send()
    job.refresh_from_db()
    assert (job.state, mail.outbox) == ("failed", [])


@pytest.mark.parametrize("name", SERVICES)
def test_every_mail_service_can_be_set(settings, name):
    found = email(f"{name}://key:second@mail.example.org")
    settings.ANYMAIL = found["ANYMAIL"]
    backend = mail.get_connection(found["EMAIL_BACKEND"])
    assert type(backend).__module__ == f"anymail.backends.{name}"


@pytest.mark.parametrize("wrong", ["postmark://", "postmark://@x", "mailjet://key@", "pigeon://x@"])
def test_address_of_a_service_without_its_key_is_refused(wrong):
    with pytest.raises(ValueError, match="write"):
        email(wrong)


def test_options_of_a_service_are_taken_from_the_query():
    found = email("mailgun://k%2Fey@mg.example.org?api_url=https://eu&webhook_secret=a:b")[
        "ANYMAIL"
    ]
    assert found["MAILGUN_API_KEY"] == "k/ey"
    assert found["MAILGUN_SENDER_DOMAIN"] == "mg.example.org"
    assert found["MAILGUN_API_URL"] == "https://eu"
    assert found["WEBHOOK_SECRET"] == "a:b"


def report(body: object, secret: str = "reporter:very-secret") -> int:
    header = "Basic " + base64.b64encode(secret.encode()).decode()
    return Client().post(
        "/email/events", json.dumps(body), "application/json", HTTP_AUTHORIZATION=header
    ).status_code  # fmt: skip


@pytest.fixture
def postmark(settings):
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", **SECRET}


def test_bounce_that_the_service_reports_stops_mail(postmark, settings):
    assert report(BOUNCE) == 200
    assert report(BOUNCE) == 200
    assert EmailSuppression.objects.get().reason == "bounced"


def test_complaint_stops_mail(postmark):
    assert report({**BOUNCE, "RecordType": "SpamComplaint", "Type": "SpamComplaint"}) == 200
    assert EmailSuppression.objects.get().reason == "complained"


def test_delivery_and_deferral_stop_nothing(postmark):
    report({**BOUNCE, "Type": "Transient"})
    report({"RecordType": "Delivery", "Recipient": ALICE, "MessageID": "m"})
    assert not EmailSuppression.objects.exists()


def test_report_with_a_wrong_secret_changes_nothing(postmark):
    assert report(BOUNCE, "reporter:guess") == 401
    assert report([1]) == 400
    assert not EmailSuppression.objects.exists()


def test_without_a_secret_nobody_reports(settings):
    settings.ANYMAIL = {}
    assert report(BOUNCE, "") == 404
