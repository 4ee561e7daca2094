"""The admin's door: a password opens half of it, a code the rest."""

import base64
import re
import threading
import time

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from apps.ops.models import AuditEntry
from apps.ops.staff import two_factor
from apps.ops.staff.views import qr_path

pytestmark = pytest.mark.django_db
DOOR = "/admin/two-factor"


@pytest.fixture
def person():
    return get_user_model().objects.create_superuser("chief@example.org", "correct horse")


@pytest.fixture
def browser(person):
    """Has given the password alone."""
    client = Client()
    client.force_login(person)
    return client


def code_of(device: TOTPDevice, steps: int = 0) -> str:
    """The code of now, or of so many steps later."""
    made = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    made.time = time.time() + steps * device.step
    return f"{made.token():06d}"


def set_up(browser, person) -> list[str]:
    """The recovery codes."""
    browser.get(DOOR)
    device = TOTPDevice.objects.get(user=person)
    page = browser.post(DOOR, {"code": code_of(device)})
    assert page.status_code == 200
    found: list[str] = re.findall(r"<code>(\w+)</code>", page.content.decode())
    return found


def test_password_alone_leads_to_the_second_factor(person):
    browser = Client()
    answer = browser.post(
        "/admin/login/?next=/admin/ops/job/",
        {"username": "chief@example.org", "password": "correct horse"},
        follow=True,
    )
    assert answer.redirect_chain[-1][0].startswith(f"{DOOR}?next=%2Fadmin%2Fops%2Fjob%2F")
    assert b"Scan this" in answer.content


@pytest.mark.parametrize("path", ["", "ops/job/", "search?q=a", "accounts/user/", "jsi18n/"])
def test_nothing_opens_without_it(browser, path):
    answer = browser.get(f"/admin/{path}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_setting_up_shows_a_picture_a_key_and_then_recovery_codes_once(browser, person):
    page = browser.get(DOOR).content.decode()
    device = TOTPDevice.objects.get(user=person)
    key = base64.b32encode(device.bin_key).decode().rstrip("=")
    assert key in page.replace(" ", "")
    assert "<svg" in page
    assert "style=" not in page
    codes = set_up(browser, person)
    assert len(set(codes)) == 10
    assert browser.get("/admin/").status_code == 200
    again = browser.get(DOOR, follow=True).content.decode()
    assert not any(code in again for code in codes)
    assert AuditEntry.objects.get().action == "two-factor set up"


def test_reloading_the_page_keeps_the_key_that_was_scanned(browser, person):
    first = browser.get(DOOR).content
    assert TOTPDevice.objects.get(user=person).key.encode()
    second = browser.get(DOOR).content
    assert re.findall(rb'<path d="[^"]+"', first) == re.findall(rb'<path d="[^"]+"', second)


def test_device_that_was_not_confirmed_opens_nothing(browser, person):
    browser.get(DOOR)
    assert not two_factor.is_set_up(person)
    assert browser.post(DOOR, {"code": "000000"}).status_code == 200
    assert browser.get("/admin/").status_code == 302


def test_code_opens_the_door_once(browser, person):
    set_up(browser, person)
    other = Client()
    other.force_login(person)
    device = TOTPDevice.objects.get(user=person)
    used = code_of(device)
    assert b"wrong or has been used" in other.post(DOOR, {"code": used}).content
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
    answer = other.post(DOOR, {"code": used, "next": "/admin/ops/job/"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/ops/job/")
    assert other.get("/admin/").status_code == 200


def test_recovery_code_opens_the_door_once(browser, person):
    code, *_ = set_up(browser, person)
    for expected in (302, 200):
        other = Client()
        other.force_login(person)
        assert other.post(DOOR, {"code": code}).status_code == expected
    assert StaticToken.objects.count() == 9


def test_code_of_another_person_opens_nothing(browser, person):
    codes = set_up(browser, person)
    other = get_user_model().objects.create_superuser("other@example.org", "x")
    StaticDevice.objects.create(user=other, name="recovery").token_set.create(token="theirs")
    client = Client()
    client.force_login(other)
    assert client.post(DOOR, {"code": codes[0]}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_wrong_codes_are_slowed_down(browser, person):
    set_up(browser, person)
    other = Client()
    other.force_login(person)
    for _ in range(3):
        other.post(DOOR, {"code": "000000"})
    device = TOTPDevice.objects.get(user=person)
    assert device.throttling_failure_count >= 1
    assert other.post(DOOR, {"code": code_of(device, 1)}).status_code == 200


def test_who_has_it_set_up_cannot_set_up_another(browser, person):
    set_up(browser, person)
    other = Client()
    other.force_login(person)
    assert b"Scan this" not in other.get(DOOR).content
    TOTPDevice.objects.create(user=person, confirmed=False)
    assert two_factor.device_confirm(user=person, code="000000") is None


@pytest.mark.parametrize(
    "evil",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/admin\n/", "javascript:1"],
)
def test_nobody_is_led_to_another_place_afterwards(browser, person, evil):
    code, *_ = set_up(browser, person)
    other = Client()
    other.force_login(person)
    assert other.post(DOOR, {"code": code, "next": evil})["Location"] == "/admin/"


def test_those_who_are_no_staff_are_sent_to_the_sign_in(alice):
    for client in (Client(), Client()):
        assert client.get(DOOR)["Location"] == "/admin/login/"
    browser = Client()
    browser.force_login(alice.user)
    assert browser.get(DOOR)["Location"] == "/admin/login/"
    assert not TOTPDevice.objects.exists()


def test_one_can_leave_instead(browser):
    assert browser.post(DOOR, {"leave": "yes"})["Location"] == "/admin/login/"
    assert "_auth_user_id" not in browser.session


def test_form_needs_its_csrf_token(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post(DOOR, {"code": "000000"}).status_code == 403


def test_it_is_not_asked_for_where_it_is_switched_off(settings, browser):
    settings.STAFF_TWO_FACTOR = False
    assert browser.get("/admin/").status_code == 200


def test_colleague_can_reset_a_lost_one_with_a_reason(staff, browser, person):
    set_up(browser, person)
    act = {"action": "two_factor_reset", "_selected_action": [str(person.pk)]}
    asked = staff.post("/admin/accounts/user/", act)
    assert b"Why?" in asked.content
    assert two_factor.is_set_up(person)
    staff.post("/admin/accounts/user/", {**act, "reason": "lost phone"}, follow=True)
    assert not two_factor.is_set_up(person)
    assert browser.get("/admin/").status_code == 302
    assert AuditEntry.objects.get(action="two-factor-reset").reason == "lost phone"


def test_keys_and_recovery_codes_have_no_page(staff):
    for path in ("otp_totp/totpdevice/", "otp_static/staticdevice/"):
        assert staff.get(f"/admin/{path}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_prepare_one_device():
    user = get_user_model().objects.create_superuser("both@example.org", "x")
    start, keys = threading.Barrier(4), []

    def run():
        start.wait()
        keys.append(two_factor.device_in_preparation(user).key)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 4
    assert len(set(keys)) == 1


def test_picture_is_square_and_has_its_three_corners():
    picture = qr_path("otpauth://totp/x")
    assert picture["side"] >= 25
    for x, y in ((2, 2), (picture["side"] - 3, 2), (2, picture["side"] - 3)):
        assert f"M{x} {y}h1" in picture["d"]
