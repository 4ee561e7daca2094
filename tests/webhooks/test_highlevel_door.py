"""POST /webhooks/ghl: Ed25519 over the raw body, for our app, once by its webhookId."""

import base64
import datetime
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.ops.jobs import Job
from apps.webhooks.models import Delivery
from tests.webhooks.signing import (
    APP_ID,
    PUBLIC_KEY,
    configure,
    highlevel_header,
    install,
    post_highlevel,
)

pytestmark = pytest.mark.django_db
UNRELATED = base64.b64encode(b"x" * 64).decode()
OTHER = Ed25519PrivateKey.generate()


@pytest.fixture(autouse=True)
def configured(settings):
    configure(settings)


def refused(answer, status: int, code: str) -> None:
    assert answer.status_code == status, answer.content
    assert answer.json()["error"]["code"] == code
    assert not Delivery.objects.exists()
    assert not Job.objects.exists()


def test_signed_message_is_stored_once_by_its_webhook_id():
    sent = install()
    assert post_highlevel(sent).json() == {"received": True, "duplicate": False}
    # A retry may carry a fresh time and thus another signature.
    assert post_highlevel({**sent, "timestamp": "2026-11-26T00:00:00Z"}).json()["duplicate"]
    stored = Delivery.objects.get()
    assert (stored.source, stored.type, stored.event_id) == (
        "highlevel",
        "INSTALL",
        sent["webhookId"],
    )
    assert stored.event_created.isoformat() == "2026-11-25T06:40:00+00:00"


def test_message_is_never_refused_for_its_age():
    assert post_highlevel(install(timestamp="2019-01-01T00:00:00Z")).status_code == 200


@pytest.mark.parametrize("found", [None, "", 7, [], "x" * 201, "with blank"])
def test_message_without_a_usable_id_is_known_by_its_content(found):
    sent = install(webhookId=found)
    assert [post_highlevel(sent).json()["duplicate"] for _ in range(2)] == [False, True]
    assert not post_highlevel({**sent, "locationId": "another"}).json()["duplicate"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "N/A",
        " N/A ",
        "n/a!",
        "é",
        "====",
        base64.b64encode(b"x" * 64).decode(),
        "QUJD",
        "A" * 9999,
    ],
)
def test_header_that_signs_nothing_is_refused(header):
    refused(post_highlevel(install(), header), 401, "signature_invalid")


def test_signature_of_another_key_or_body_is_refused():
    body = json.dumps(install()).encode()
    refused(post_highlevel(body, highlevel_header(body, OTHER)), 401, "signature_invalid")
    refused(post_highlevel(body + b"\n", highlevel_header(body)), 401, "signature_invalid")
    refused(post_highlevel(body, highlevel_header(body)[:-4]), 401, "signature_invalid")


def test_old_kind_of_signature_is_no_substitute(client):
    body = json.dumps(install()).encode()
    answer = client.post(
        "/webhooks/ghl",
        body,
        content_type="application/json",
        headers={"X-WH-Signature": highlevel_header(body)},
    )
    refused(answer, 401, "signature_invalid")


def test_every_key_holds_while_they_rotate(settings):
    configure(
        settings,
        highlevel_webhook_public_keys=(OTHER.public_key().public_bytes_raw(), PUBLIC_KEY),
    )
    assert post_highlevel(install()).status_code == 200
    body = json.dumps(install()).encode()
    assert post_highlevel(body, highlevel_header(body, OTHER)).status_code == 200


@pytest.mark.parametrize("named", ["another-app", f"{APP_ID}-m1abcdef", "", 5])
def test_message_to_another_app_is_refused(named):
    refused(post_highlevel(install(appId=named)), 401, "signature_invalid")


def test_message_that_names_no_app_is_let_in():
    sent = install("LocationUpdate")
    del sent["appId"]
    assert post_highlevel(sent).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"hello", "malformed_json"),
        (b"\xff", "malformed_json"),
        (b"", "malformed_json"),
        (b"[1]", "validation_error"),
        (b"{}", "validation_error"),
    ],
)
def test_signed_body_that_is_no_message_is_refused(body, code):
    refused(post_highlevel(body), 400, code)


def test_body_of_256_kilobytes_is_let_in_and_one_byte_more_is_not():
    sent = install(note="")
    sent["note"] = "x" * (256 * 1024 - len(json.dumps(sent)))
    body = json.dumps(sent).encode()
    refused(post_highlevel(body + b" "), 413, "payload_too_large")
    assert post_highlevel(body).status_code == 200


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("2026-11-25T06:40:00.123Z", "2026-11-25T06:40:00.123000+00:00"),
        ("2026-11-25T06:40:00", "2026-11-25T06:40:00+00:00"),
        (1764052800000, "2025-11-25T06:40:00+00:00"),
    ],
)
def test_time_of_a_message_is_read_as_it_comes(stated, found):
    post_highlevel(install(timestamp=stated))
    assert Delivery.objects.get().event_created == datetime.datetime.fromisoformat(found)


@pytest.mark.parametrize("stated", [None, "yesterday", {}, 1e300, True])
def test_message_with_an_odd_time_is_stored(stated):
    assert post_highlevel(install(timestamp=stated)).status_code == 200
