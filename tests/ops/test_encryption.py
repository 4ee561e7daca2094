"""Sealed texts open with their key, in their place, and nowhere else."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.ops.encryption import SealedTextError, current_prefix, decrypt, encrypt

PLACE = "accounts.connection:1:access_token"


@pytest.fixture(autouse=True)
def ring(settings):
    settings.TOKEN_ENCRYPTION_KEYS = {"k1": b"1" * 32}


@pytest.mark.parametrize("text", ["", "a", "eyJ.token", "ü" * 5000, "a:b:c"])
def test_a_sealed_text_opens_again(text):
    assert decrypt(encrypt(text, context=PLACE), context=PLACE) == text


def test_the_same_text_never_looks_the_same_and_never_shows_itself():
    sealed = {encrypt("secret-text", context=PLACE) for _ in range(20)}
    assert len(sealed) == 20
    assert not any("secret" in each for each in sealed)


@pytest.mark.parametrize(
    "other",
    ["accounts.connection:2:access_token", "accounts.connection:1:refresh_token", "", PLACE + " "],
)
def test_a_text_copied_to_another_place_does_not_open(other):
    with pytest.raises(SealedTextError, match="another row"):
        decrypt(encrypt("secret", context=PLACE), context=other)


@pytest.mark.parametrize(
    "damage",
    [
        lambda token: token[:-4] + "AAAA",
        lambda token: token[:-8],
        lambda token: token + "A",
        lambda token: token.replace("v1:k1:", "v1:k1:*"),
        lambda token: token.replace("v1", "v2"),
        lambda token: token.replace("v1:k1:", "v1:gone:"),
        lambda token: "",
        lambda token: "plain text",
        lambda token: "v1:k1:",
    ],
)
def test_a_damaged_text_is_refused_without_showing_it(damage):
    token = encrypt("secret", context=PLACE)
    with pytest.raises(SealedTextError) as refused:
        decrypt(damage(token), context=PLACE)
    assert token.split(":")[2] not in str(refused.value)


def test_the_first_key_writes_and_every_key_reads(settings):
    old = encrypt("secret", context=PLACE)
    settings.TOKEN_ENCRYPTION_KEYS = {"k2": b"2" * 32, "k1": b"1" * 32}
    assert decrypt(old, context=PLACE) == "secret"
    assert not old.startswith(current_prefix())
    new = encrypt("secret", context=PLACE)
    assert new.startswith("v1:k2:")
    assert new.startswith(current_prefix())
    settings.TOKEN_ENCRYPTION_KEYS = {"k2": b"2" * 32}
    assert decrypt(new, context=PLACE) == "secret"
    with pytest.raises(SealedTextError, match="no key 'k1'"):
        decrypt(old, context=PLACE)


def test_a_key_under_another_keys_id_does_not_open(settings):
    token = encrypt("secret", context=PLACE)
    settings.TOKEN_ENCRYPTION_KEYS = {"k1": b"x" * 32}
    with pytest.raises(SealedTextError):
        decrypt(token, context=PLACE)


def test_without_keys_the_fix_is_told(settings):
    settings.TOKEN_ENCRYPTION_KEYS = {}
    with pytest.raises(ImproperlyConfigured, match="openssl rand"):
        encrypt("secret", context=PLACE)


def test_debug_has_a_key_of_its_own_that_lasts(settings):
    settings.TOKEN_ENCRYPTION_KEYS = {}
    settings.DEBUG = True
    token = encrypt("secret", context=PLACE)
    assert token.startswith("v1:development:")
    assert decrypt(token, context=PLACE) == "secret"
    settings.TOKEN_ENCRYPTION_KEYS = {"k1": b"1" * 32}
    with pytest.raises(SealedTextError):
        decrypt(token, context=PLACE)
