"""The inbox answers as the OpenAPI document says."""

import json

import pytest

from tests.webhooks.signing import configure, event, install, post_highlevel, post_stripe
from tests.workflows.api.test_schema import check

pytestmark = pytest.mark.django_db
BODIES = {
    200: json.dumps(event("invoice.paid")).encode(),
    400: b"[]",
    401: b"{}",
    413: b" " * (1024 * 1024 + 1),
}


@pytest.fixture(autouse=True)
def configured(settings):
    configure(settings)


@pytest.mark.parametrize("status", BODIES)
def test_doors_answer_as_described(status):
    header = "wrong" if status == 401 else None
    doors = {"webhooks_stripe": post_stripe, "webhooks_ghl": post_highlevel}
    for name, post in doors.items():
        answer = post(BODIES[status], header)
        assert answer.status_code == status
        check(name, answer)


def test_health_is_as_described_empty_and_full(client):
    check("webhooks_health", client.get("/webhooks/health"))
    post_highlevel(install())
    check("webhooks_health", client.get("/webhooks/health"))
