"""What messages are sent from: the number that a step names, and whether a domain is verified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.facts.values import mapping, text
from apps.workflows.analysis.graph import Step

_OWN = (
    "fromNumber", "from_number", "fromPhoneNumber", "from_phone_number", "from_phone", "fromPhone",
    "senderNumber", "sender_number", "sender", "phoneNumber", "phone_number", "number", "from",
)  # fmt: skip
_OWN_NAMES = frozenset(_OWN)
_NO = frozenset({"no", "none", "false", "disabled", "inactive"})
_VERIFIED = frozenset({"verified", "active", "valid", "live", "success", "completed"})


def own_number(step: Step) -> str:
    """The number the step itself sends from; empty where it takes the account's."""
    if _OWN_NAMES.isdisjoint(step.params):
        return ""
    for key in _OWN:
        value = step.params.get(key)
        number = text(mapping(value).get("value")) if isinstance(value, dict) else text(value)
        if digits(number) and "{{" not in number:
            return number
    return ""


def digits(number: str) -> str:
    """A phone number without what only makes it readable; empty for what is no number.

    Ids and names of numbers are none: they hold letters.
    """
    if any(letter.isalpha() for letter in number):
        return ""
    bare = "".join(letter for letter in number if letter.isdigit())
    return bare.removeprefix("00") if len(bare) >= 5 else ""


def is_same_number(one: str, other: str) -> bool:
    """Whether two numbers are the same, one of them perhaps without its country code."""
    if one == other:
        return True
    a, b = digits(one), digits(other)
    if min(len(a), len(b)) < 7:
        return bool(a) and a == b
    a, b = a.removeprefix("0"), b.removeprefix("0")
    return a.endswith(b) or b.endswith(a)


def can_text(entry: Mapping[str, Any]) -> bool:
    """Whether a number in the account's list can send texts; one that does not say so can."""
    inner = mapping(entry.get("capabilities"))
    for holder in (entry, inner):
        for key in ("sms", "SMS", "smsEnabled", "sms_enabled", "isSmsEnabled", "canText"):
            if key in holder:
                value = holder[key]
                return value is not None and value is not False and text(value).lower() not in _NO
    return True


def is_verified(entry: Mapping[str, Any]) -> bool:
    """Whether a sending domain in the account's list is verified; one that does not say so is."""
    for key in ("verified", "isVerified", "is_verified"):
        if key in entry:
            value = entry[key]
            return value is True or text(value).lower() in ("true", "yes", *_VERIFIED)
    for key in ("status", "state", "verification"):
        if state := text(entry.get(key)):
            return state.lower() in _VERIFIED
    return True
