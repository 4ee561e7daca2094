"""Connections keep their secrets: sealed in the row, nowhere to be seen, re-encrypted at will."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from apps.accounts.models import Account, Connection
from apps.ops.errors import ApplicationError

OLD, NEW = {"old": b"1" * 32}, {"new": b"2" * 32, "old": b"1" * 32}


@pytest.fixture(autouse=True)
def ring(settings):
    settings.TOKEN_ENCRYPTION_KEYS = OLD


def connect(account: Account, base_url: str = "") -> Connection:
    connection = Connection(account=account, provider="n8n", base_url=base_url)
    connection.seal(token="plain-token", refresh_token="plain-refresh")
    connection.save()
    return connection


def test_tokens_are_read_back_and_never_stored_plain(account):
    connection = Connection.objects.get(pk=connect(account).pk)
    assert (connection.token, connection.refresh_token) == ("plain-token", "plain-refresh")
    row = Connection.objects.filter(pk=connection.pk).values().get()
    assert not any("plain" in str(value) for value in row.values())


def test_tokens_are_in_no_description(account):
    connection = connect(account)
    for text in (repr(connection), str(connection), f"{connection!r}"):
        assert "plain" not in text
        assert "v1:" not in text


def test_a_token_copied_to_another_row_or_column_does_not_open(account):
    mine, other = connect(account, "https://a"), connect(account, "https://b")
    other.sealed_token = mine.sealed_token
    mine.sealed_refresh_token = mine.sealed_token
    for read in (lambda: other.token, lambda: mine.refresh_token):
        with pytest.raises(ApplicationError) as error:
            read()
        assert (error.value.code, error.value.permanent) == ("upstream_auth", True)


def test_a_connection_without_tokens_has_empty_ones(account):
    assert Connection(account=account, provider="highlevel").token == ""


def test_the_admin_shows_no_token(account, admin_client):
    connection = connect(account, "https://n8n.example.org")
    for page in ("", f"{connection.pk}/change/"):
        text = admin_client.get(f"/admin/accounts/connection/{page}").content.decode()
        assert "n8n.example.org" in text or "Alice" in text
        assert "plain" not in text
        assert "v1:" not in text


def test_an_account_connects_an_address_once(account):
    connect(account, "https://a")
    connect(account, "https://b")
    with pytest.raises(IntegrityError):
        connect(account, "https://a")


# -- reencrypt_tokens ------------------------------------------------------------------------------


def kids() -> set[str]:
    rows = Connection.objects.values_list("sealed_token", "sealed_refresh_token")
    return {sealed.split(":")[1] for row in rows for sealed in row if sealed}


def test_everything_is_sealed_under_the_newest_key_and_still_opens(account, settings, capsys):
    for number in range(7):
        connect(account, f"https://{number}")
    Connection.objects.create(account=account, provider="highlevel")
    settings.TOKEN_ENCRYPTION_KEYS = NEW
    call_command("reencrypt_tokens", "--batch-size", "2")
    out = capsys.readouterr().out
    assert "accounts.Connection.sealed_token: 7 re-encrypted, 0 unreadable" in out
    assert "plain" not in out
    settings.TOKEN_ENCRYPTION_KEYS = {"new": b"2" * 32}
    assert kids() == {"new"}
    assert {each.token for each in Connection.objects.all()} == {"plain-token", ""}


def test_running_it_again_changes_nothing(account, settings, capsys):
    connect(account)
    settings.TOKEN_ENCRYPTION_KEYS = NEW
    call_command("reencrypt_tokens")
    before = Connection.objects.values_list("sealed_token", flat=True).get()
    capsys.readouterr()
    call_command("reencrypt_tokens")
    assert Connection.objects.values_list("sealed_token", flat=True).get() == before
    assert "sealed_token: 0 re-encrypted" in capsys.readouterr().out


def test_one_that_was_stopped_is_taken_up(account, settings):
    first, second = connect(account, "https://a"), connect(account, "https://b")
    settings.TOKEN_ENCRYPTION_KEYS = NEW
    first.seal(token="plain-token", refresh_token="plain-refresh")
    first.save()
    assert kids() == {"old", "new"}
    call_command("reencrypt_tokens")
    assert kids() == {"new"}
    second.refresh_from_db()
    assert second.refresh_token == "plain-refresh"


def test_a_token_renewed_meanwhile_is_left_alone(account, settings, monkeypatch):
    from apps.ops.management.commands import reencrypt_tokens

    connection = connect(account)
    settings.TOKEN_ENCRYPTION_KEYS = NEW

    def opened(token, *, context):
        newer = Connection.objects.get(pk=connection.pk)
        newer.seal(token="newer-token", refresh_token="newer-refresh")
        newer.save()
        return "stale"

    monkeypatch.setattr(reencrypt_tokens, "decrypt", opened)
    call_command("reencrypt_tokens")
    connection.refresh_from_db()
    assert connection.token == "newer-token"


def test_without_keys_the_fix_is_told(account, settings):
    settings.TOKEN_ENCRYPTION_KEYS = {}
    with pytest.raises(CommandError, match="openssl rand"):
        call_command("reencrypt_tokens")


def test_what_opens_under_no_key_is_told_and_the_rest_goes_on(account, settings, capsys):
    lost, fine = connect(account, "https://a"), connect(account, "https://b")
    Connection.objects.filter(pk=lost.pk).update(sealed_token="v1:gone:AAAA")
    settings.TOKEN_ENCRYPTION_KEYS = NEW
    with pytest.raises(CommandError, match="1 sealed texts open under no key"):
        call_command("reencrypt_tokens")
    assert str(lost.pk) in capsys.readouterr().err
    fine.refresh_from_db()
    assert fine.sealed_token.startswith("v1:new:")
    lost.refresh_from_db()
    assert lost.sealed_token == "v1:gone:AAAA"
