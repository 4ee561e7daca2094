"""POST /webhooks/stripe: what is let in, once, and what is refused without a trace."""

import json
import time

import pytest
from django.test import Client

from apps.ops.jobs import Job
from apps.webhooks.models import Delivery
from tests.webhooks.signing import SECRET, configure, event, post_stripe, stripe_header

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def configured(settings):
    configure(settings)


def refused(answer, status: int, code: str) -> None:
    assert answer.status_code == status, answer.content
    assert answer.json()["error"]["code"] == code
    assert not Delivery.objects.exists()
    assert not Job.objects.exists()
    assert b"Traceback" not in answer.content


def test_signed_event_is_stored_as_it_came_with_a_job():
    body = json.dumps(event("invoice.paid", {"note": "ü \u0000 😀"}), indent=3).encode()
    answer = post_stripe(body)
    assert answer.status_code == 200
    assert answer.json() == {"received": True, "duplicate": False}
    stored = Delivery.objects.get()
    assert stored.body.encode() == body
    assert (stored.source, stored.type, stored.state) == ("stripe", "invoice.paid", "received")
    assert int(stored.event_created.timestamp()) == json.loads(body)["created"]
    assert Job.objects.get().payload == {"delivery": stored.pk}


def test_duplicate_delivery_is_stored_once():
    sent = event("invoice.paid")
    assert post_stripe(sent).status_code == 200
    answer = post_stripe(sent)
    assert (answer.status_code, answer.json()["duplicate"]) == (200, True)
    assert post_stripe({**sent, "type": "other"}).status_code == 200
    assert Delivery.objects.get().type == "invoice.paid"
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        "t=1,v1=abc",
        "v1=" + "0" * 64,
        "t=NOW",
        f"t=NOW,v0={'0' * 64}",
        f"t=NOW,v1={'0' * 64}",
        "t=99999999999999999999,v1=" + "0" * 64,
        "t=1,t=2,v1=é",
        "=" * 5000,
    ],
)
def test_header_that_signs_nothing_is_refused(header):
    header = header.replace("NOW", str(int(time.time())))
    refused(post_stripe(event("invoice.paid"), header), 401, "signature_invalid")


def test_missing_header_is_refused():
    answer = Client().post("/webhooks/stripe", b"{}", content_type="application/json")
    refused(answer, 401, "signature_invalid")


def test_signature_of_another_secret_or_body_is_refused():
    body = json.dumps(event("invoice.paid")).encode()
    refused(post_stripe(body, stripe_header(body, "whsec_other")), 401, "signature_invalid")
    refused(post_stripe(body + b" ", stripe_header(body)), 401, "signature_invalid")
    refused(post_stripe(body, stripe_header(body)[:-1]), 401, "signature_invalid")


@pytest.mark.parametrize(
    ("seconds", "fits"), [(-290, True), (290, True), (-330, False), (330, False)]
)
def test_signature_holds_five_minutes_either_way(seconds, fits):
    body = json.dumps(event("invoice.paid")).encode()
    answer = post_stripe(body, stripe_header(body, at=time.time() + seconds))
    if fits:
        assert answer.status_code == 200
    else:
        refused(answer, 401, "signature_invalid")


def test_every_secret_holds_while_they_rotate(settings):
    configure(settings, stripe_webhook_secrets=("whsec_new", SECRET))
    assert post_stripe(event("a")).status_code == 200
    body = json.dumps(event("b")).encode()
    assert post_stripe(body, stripe_header(body, "whsec_new")).status_code == 200


def test_nothing_holds_where_no_secret_is_set(settings):
    configure(settings, stripe_webhook_secrets=())
    refused(post_stripe(event("invoice.paid")), 401, "signature_invalid")
    body = b"{}"
    refused(post_stripe(body, stripe_header(body, "")), 401, "signature_invalid")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b"not json", "malformed_json"),
        (b'{"id": "evt_1", "type"', "malformed_json"),
        (b'{"id": NaN}', "malformed_json"),
        (b"[" * 5000 + b"]" * 5000, "malformed_json"),
        (b"[]", "validation_error"),
        (b"null", "validation_error"),
        (b'{"id": "evt_1"}', "validation_error"),
        (b'{"id": "evt_1", "type": 5}', "validation_error"),
        (b'{"id": "evt_1", "type": "a\\u0000b"}', "validation_error"),
    ],
)
def test_signed_body_that_is_no_event_is_refused(body, code):
    refused(post_stripe(body), 400, code)


def test_body_that_is_not_utf8_is_refused():
    refused(post_stripe(b'{"id": "\xff\xfe"}'), 401, "signature_invalid")


@pytest.mark.parametrize("found", [None, 5, "", "x" * 300, "a\0b", {"a": 1}])
def test_event_without_a_usable_id_is_known_by_its_content(found):
    sent = event("invoice.paid", id=found)
    assert [post_stripe(sent).json()["duplicate"] for _ in range(2)] == [False, True]
    assert Delivery.objects.get().event_id.startswith("sha256:")


@pytest.mark.parametrize("created", [None, "soon", True, 10**30, -(10**14), 1.5])
def test_event_with_an_odd_time_is_stored(created):
    assert post_stripe(event("invoice.paid", created=created)).status_code == 200


def test_body_of_one_megabyte_is_let_in_and_one_byte_more_is_not():
    sent = event("invoice.paid", {"text": ""})
    filling = "x" * (1024 * 1024 - len(json.dumps(sent)))
    sent["data"] = {"object": {"text": filling}}
    body = json.dumps(sent).encode()
    refused(post_stripe(body + b" "), 413, "payload_too_large")
    assert post_stripe(body).status_code == 200


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_are_refused(method):
    answer = getattr(Client(), method)("/webhooks/stripe")
    refused(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "POST"


def test_neither_session_nor_limit_plays_a_part(settings):
    settings.RATE_LIMIT_WRITE = "1/m"
    answers = [post_stripe(event("a")) for _ in range(40)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any(answer.cookies for answer in answers)


def test_storing_takes_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        post_stripe(event("invoice.paid"))
