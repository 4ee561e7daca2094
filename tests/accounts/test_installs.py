"""HighLevel's messages about our app: revoked at once, erased after 30 days, not sooner."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from apps.accounts.installs import KEEP, uninstalled_erase
from apps.accounts.models import Account, Connection
from apps.billing.models import StripeSubscription, Subscription
from apps.webhooks.models import Delivery
from tests.webhooks.signing import committed, configure, install, post_highlevel

pytestmark = pytest.mark.django_db
LOCATION, COMPANY = "ve9EPM428h8vShlRW1KT", "GNb7aIv4rQFVb9iwNl5K"
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def configured(settings):
    configure(settings)
    settings.TOKEN_ENCRYPTION_KEYS = {"k": b"1" * 32}


@pytest.fixture
def connection(alice) -> Connection:
    return connect(alice.account)


def connect(account: Account, location_id: str = LOCATION, **fields) -> Connection:
    Account.objects.filter(pk=account.pk).update(location_id=location_id)
    made = Connection(
        account=account,
        provider="highlevel",
        user_type="Location",
        location_id=location_id,
        company_id=COMPANY,
        granted_at=timezone.now() - 60 * DAY,
        **fields,
    )
    made.seal(token="plain-token", refresh_token="plain-refresh")
    made.save()
    return made


def tell(kind: str, at: datetime.datetime | None = None, **changes) -> Delivery:
    stamp = (at or timezone.now()).isoformat()
    sent = install(kind, timestamp=stamp, **changes)
    with committed():
        assert post_highlevel(sent).status_code == 200
    return Delivery.objects.get(event_id=sent["webhookId"])


def test_uninstalling_revokes_at_once_keeps_the_data_and_tells_the_owner(connection, analysis):
    delivery = tell("UNINSTALL")
    connection.refresh_from_db()
    assert (connection.state, connection.token, connection.refresh_token) == ("revoked", "", "")
    assert (delivery.state, delivery.account_id) == ("processed", connection.account_id)
    assert Account.objects.filter(pk=connection.account_id).exists()
    [letter] = mail.outbox
    day = timezone.now() + KEEP
    assert f"kept until {day.day} {day:%B %Y}" in letter.body


def test_repeated_uninstalling_tells_once(connection):
    for _ in range(2):
        tell("UNINSTALL")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("days", "gone"), [(29, False), (31, True)])
def test_data_is_erased_after_thirty_days_and_not_before(connection, analysis, days, gone):
    tell("UNINSTALL", timezone.now() - days * DAY)
    assert uninstalled_erase() == int(gone)
    assert Account.objects.filter(pk=connection.account_id).exists() is not gone
    assert Delivery.objects.exists() is not gone


def test_reinstalling_keeps_the_data_and_asks_to_sign_in(connection):
    tell("UNINSTALL", timezone.now() - 40 * DAY)
    tell("INSTALL", timezone.now() - 35 * DAY)
    connection.refresh_from_db()
    assert (connection.state, connection.uninstalled_at) == ("needs_attention", None)
    assert uninstalled_erase() == 0


def test_uninstalling_that_comes_late_does_not_undo_the_new_install(connection):
    now = timezone.now()
    tell("INSTALL", now)
    tell("UNINSTALL", now - DAY)
    connection.refresh_from_db()
    assert connection.state == "connected"


def test_uninstalling_before_the_last_sign_in_is_old_news(connection):
    Connection.objects.update(granted_at=timezone.now())
    tell("UNINSTALL", timezone.now() - DAY)
    connection.refresh_from_db()
    assert connection.state == "connected"


def test_account_with_another_platform_stays(connection):
    Connection.objects.create(account=connection.account, provider="n8n", base_url="https://n8n.x")
    tell("UNINSTALL", timezone.now() - 31 * DAY)
    assert uninstalled_erase() == 0


def test_account_that_still_pays_is_not_erased(connection):
    row = Subscription.objects.create(account=connection.account)
    StripeSubscription.objects.create(subscription=row, stripe_id="sub_1", status="active")
    tell("UNINSTALL", timezone.now() - 31 * DAY)
    assert uninstalled_erase() == 0
    StripeSubscription.objects.update(status="canceled")
    assert uninstalled_erase() == 1


def test_agency_takes_all_its_locations_along(connection, charlie):
    other = connect(charlie.account, "another-location")
    foreign = Account.objects.create(name="foreign")
    stays = connect(foreign, "foreign-location")
    Connection.objects.filter(pk=stays.pk).update(company_id="another-company")
    tell("UNINSTALL", locationId=None, installType="Company")
    states = {each.pk: each.state for each in Connection.objects.all()}
    assert states == {connection.pk: "revoked", other.pk: "revoked", stays.pk: "connected"}


def test_location_leaves_the_others_of_its_agency_alone(connection, charlie):
    other = connect(charlie.account, "another-location")
    tell("UNINSTALL")
    other.refresh_from_db()
    assert other.state == "connected"


def test_plan_of_the_marketplace_is_noted_newest_first(connection):
    now = timezone.now()
    tell("PLAN_CHANGE", now, newPlanId="plan_new", currentPlanId="plan_old")
    tell("PLAN_CHANGE", now - DAY, newPlanId="plan_older")
    tell("INSTALL", now - 2 * DAY, planId="plan_oldest")
    connection.refresh_from_db()
    assert connection.marketplace_plan_id == "plan_new"


def test_renamed_location_renames_the_account(connection):
    now = timezone.now()
    tell("LocationUpdate", now, id=LOCATION, name="  New\n name ", locationId=None)
    tell("LocationUpdate", now - DAY, id=LOCATION, name="Old name")
    tell("LocationUpdate", now + DAY, id=LOCATION, name=None)
    assert Account.objects.get(pk=connection.account_id).name == "New name"


@pytest.mark.parametrize("kind", ["INSTALL", "UNINSTALL", "PLAN_CHANGE", "LocationUpdate"])
@pytest.mark.parametrize("location", ["unknown", None, "", 5, "a\0b", ["x"]])
def test_message_about_nobody_we_know_is_ignored(connection, kind, location):
    delivery = tell(kind, locationId=location, companyId="unknown", id=location)
    assert delivery.state == "ignored"
    connection.refresh_from_db()
    assert connection.state == "connected"


def test_message_nobody_asked_for_is_stored_and_ignored(connection):
    assert tell("ContactCreate").state == "ignored"
