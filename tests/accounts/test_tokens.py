"""Personal API tokens: how they are made, found, expire and are remembered."""

import datetime
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import ApiToken, Membership, User
from apps.accounts.tokens import (
    USED_EVERY,
    api_token_create,
    api_token_find,
    api_token_used,
    digest,
)


def test_new_token_is_found_by_its_plain_text(alice):
    token, plain = api_token_create(membership=alice.membership, name="laptop")
    assert api_token_find(plain) == token
    assert token.scopes == ["read", "write"]


def test_two_tokens_are_never_the_same(alice):
    made = {api_token_create(membership=alice.membership, name="x")[1] for _ in range(50)}
    assert len(made) == 50
    assert all(plain.startswith("wd_") and len(plain) >= 43 for plain in made)


def test_plain_text_is_stored_nowhere(alice):
    token, plain = api_token_create(membership=alice.membership, name="x")
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert not any(plain[3:] in str(value) for value in row.values())
    assert row["digest"] == digest(plain)


@pytest.mark.parametrize("change", [lambda p: p[:-1], lambda p: p + "a", str.upper, lambda p: ""])
def test_nearly_right_token_is_not_found(alice, change):
    _, plain = api_token_create(membership=alice.membership, name="x")
    assert api_token_find(change(plain)) is None


def test_digest_of_a_token_is_no_token(alice):
    token, _ = api_token_create(membership=alice.membership, name="x")
    assert api_token_find(token.digest) is None


def test_hash_is_keyed(alice, settings):
    _, plain = api_token_create(membership=alice.membership, name="x")
    settings.API_TOKEN_KEY = "another-key-of-more-than-thirty-two-characters"
    assert api_token_find(plain) is None


def test_key_is_the_same_in_debug_and_in_a_bare_shell():
    """`create_token` must make tokens for the server that `make run` started beside it."""
    known = "from config import settings; print(settings.API_TOKEN_KEY)"
    bare, debug, real = (
        subprocess.run(
            [sys.executable, "-c", known],
            env={"ENV_FILE": "", "PATH": "/usr/bin", **more},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for more in ({}, {"DEBUG": "true", "ALLOW_DEBUG": "true"}, {"SECRET_KEY": "k" * 40})
    )
    assert bare == debug
    assert real == "k" * 40 + "\n"


@pytest.mark.parametrize(("seconds", "found"), [(-1, False), (0, False), (60, True)])
def test_token_ends_at_its_time(alice, seconds, found):
    until = timezone.now() + datetime.timedelta(seconds=seconds)
    _, plain = api_token_create(membership=alice.membership, name="x", expires_at=until)
    assert (api_token_find(plain) is not None) is found


def test_token_of_an_inactive_user_is_not_found(alice):
    _, plain = api_token_create(membership=alice.membership, name="x")
    User.objects.filter(pk=alice.user.pk).update(is_active=False)
    assert api_token_find(plain) is None


def test_token_goes_with_its_membership(alice):
    _, plain = api_token_create(membership=alice.membership, name="x")
    alice.membership.delete()
    assert api_token_find(plain) is None


def test_use_is_written_once_in_a_while(alice, django_assert_num_queries):
    token, _ = api_token_create(membership=alice.membership, name="x")
    api_token_used(token)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    with django_assert_num_queries(0):
        api_token_used(token)
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=first - 2 * USED_EVERY)
    token.refresh_from_db()
    api_token_used(token)
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert token.last_used_at >= first


# -- the command -----------------------------------------------------------------------------------


def create_token(capsys, *args: str) -> str:
    call_command("create_token", *args)
    out: str = capsys.readouterr().out
    return out


def test_command_prints_the_token_alone(alice, capsys):
    out = create_token(capsys, "--email", "alice@example.org")
    assert out.count("\n") == 1
    token = api_token_find(out.strip())
    assert token is not None
    assert token.membership == alice.membership
    assert token.name == "command line"


def test_command_takes_a_name_and_any_case_of_the_address(alice, capsys):
    out = create_token(capsys, "--email", " Alice@Example.ORG", "--name", "n" * 200)
    token = api_token_find(out.strip())
    assert token is not None
    assert token.name == "n" * 100


def test_command_prints_a_new_token_each_time(alice, capsys):
    args = ("--email", "alice@example.org")
    assert create_token(capsys, *args) != create_token(capsys, *args)


def test_token_of_a_viewer_may_not_write(bob, capsys, anonymous):
    plain = create_token(capsys, "--email", "bob@example.org").strip()
    header = {"HTTP_AUTHORIZATION": f"Bearer {plain}"}
    assert anonymous.get("/api/history", **header).status_code == 200
    assert anonymous.post("/api/analyze", {}, format="json", **header).status_code == 403


def test_command_refuses_a_user_it_does_not_know(db, capsys):
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        create_token(capsys, "--email", "nobody@example.org")


def test_command_refuses_who_has_no_account_or_is_inactive(alice, charlie, capsys):
    Membership.objects.filter(user=alice.user).delete()
    User.objects.filter(pk=charlie.user.pk).update(is_active=False)
    for email in ("alice@example.org", "charlie@example.org"):
        with pytest.raises(CommandError, match="with an account"):
            create_token(capsys, "--email", email)
    assert capsys.readouterr().out == ""
