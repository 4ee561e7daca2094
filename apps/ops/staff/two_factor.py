"""The second factor: an app that shows six digits, and recovery codes for the day it is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_otp
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest

from apps.ops.audit import audit_record

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10


def is_given(request: HttpRequest) -> bool:
    """Whether this session has shown it."""
    return bool(getattr(request.user, "is_verified", lambda: False)())


def is_set_up(user: AbstractBaseUser) -> bool:
    return bool(django_otp.user_has_device(user))


def device_in_preparation(user: AbstractBaseUser) -> TOTPDevice:
    """The same until it is confirmed, so that reloading the page does not void a scanned code."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    with transaction.atomic():
        # Two requests at once must show the same key.
        get_user_model().objects.select_for_update().get(pk=user.pk)
        device: TOTPDevice
        device, _ = TOTPDevice.objects.get_or_create(
            user=user, confirmed=False, defaults={"name": "authenticator"}
        )
    return device


@transaction.atomic
def device_confirm(*, user: AbstractBaseUser, code: str) -> tuple[Any, list[str]] | None:
    """The device and its recovery codes, told this once; None when the code is wrong."""
    from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
    from django_otp.plugins.otp_totp.models import TOTPDevice

    if is_set_up(user):
        return None
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(code):
        return None
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    recovery = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=recovery, token=code) for code in codes)
    audit_record(actor=user, action="two-factor set up", target=user)
    return device, codes


@transaction.atomic
def code_match(*, user: AbstractBaseUser, code: str) -> Any | None:
    """The device whose code this is. A code is good once; wrong ones are slowed down."""
    for device in django_otp.devices_for_user(user, for_verify=True):
        if device.verify_token(code.replace(" ", "")):
            return device
    return None


@transaction.atomic
def second_factor_reset(*, user: AbstractBaseUser) -> None:
    """For a lost phone: the next sign-in sets it up anew."""
    for device in django_otp.devices_for_user(user, confirmed=None):
        device.delete()
