"""What an address may ask of the admin's lists, and what its pages keep to themselves."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from apps.accounts.models import Account
from apps.webhooks.models import Delivery

pytestmark = pytest.mark.django_db
ADMIN = "/admin"


@pytest.mark.parametrize(
    "path",
    [
        "accounts/apitoken/?digest__startswith=a",
        "accounts/connection/?sealed_token__startswith=v",
        "accounts/user/?password__startswith=p",
        "accounts/membership/?user__password__startswith=p",
        "ops/channel/?address__startswith=v",
        "accounts/user/?created_at__year=99999",
        "ops/job/?state__exact=%00",
    ],
)
def test_rows_are_filtered_by_nothing_but_what_the_page_offers(staff, path):
    assert staff.get(f"{ADMIN}/{path}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "ops/job/?state__exact=dead",
        "ops/job/?created_at__year=2026",
        "accounts/user/?is_staff__exact=1",
        "accounts/account/?q=agency",
        "workflows/workflow/?platform__exact=n8n&status__exact=draft",
    ],
)
def test_filters_of_the_page_hold(staff, path):
    assert staff.get(f"{ADMIN}/{path}").status_code == 200


def test_there_is_no_way_from_the_admin_to_a_page_that_rows_do_not_have(staff):
    kind = ContentType.objects.get_for_model(Account)
    assert staff.get(f"{ADMIN}/r/{kind.pk}/1/").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        '{"type": "a", "client_secret": "pi_1_secret_abcdef", "n": "seen"}',
        "no JSON: sk_live_abcdef seen",
    ],
)
def test_body_of_a_delivery_is_shown_without_its_secrets(staff, body):
    row = Delivery.objects.create(
        source="stripe", event_id="1", type="a", body=body, event_created=timezone.now()
    )
    page = staff.get(f"{ADMIN}/webhooks/delivery/{row.pk}/change/").content.decode()
    assert "seen" in page
    assert "abcdef" not in page
