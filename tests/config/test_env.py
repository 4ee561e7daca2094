"""The environment: every variable read once, every problem told at once."""

import ast
import base64
import re
from pathlib import Path

import pytest

from config import env, values

KEY = "k" * 40
RAW_KEY = base64.b64encode(b"\x01" * 32).decode()


def problems(**source: str) -> dict[str, env.Problem]:
    return {each.name: each for each in env.read(source).problems}


def test_complete_environment_has_no_problem():
    assert problems(SECRET_KEY=KEY) == {}


def test_all_problems_are_reported_at_once_each_with_its_fix():
    found = problems(PORT="eighty", DEBUG="maybe", RATE_LIMIT_READ="100", LOG_LEVEL="LOUD")
    assert set(found) == {"PORT", "DEBUG", "RATE_LIMIT_READ", "LOG_LEVEL", "SECRET_KEY"}
    assert all(each.fix and each.what for each in found.values())


def test_loading_wrong_values_ends_the_program_with_all_of_them(monkeypatch):
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(SystemExit) as end:
        env.load()
    assert "PORT" in str(end.value)
    assert "LOG_FORMAT" in str(end.value)


def test_empty_environment_can_be_read_but_not_served():
    environment = env.read({})
    assert all(each.serving_only for each in environment.problems)
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        env.require_serving(environment)


def test_short_secret_key_is_refused_outside_debug():
    assert "shorter than 32" in problems(SECRET_KEY="k" * 31)["SECRET_KEY"].what


def test_secret_key_of_32_characters_is_enough():
    assert problems(SECRET_KEY="k" * 32) == {}


def test_debug_needs_no_secret_key():
    assert problems(DEBUG="true", ALLOW_DEBUG="true") == {}


@pytest.mark.parametrize("name", ["DEBUG", "ALLOW_DEBUG"])
def test_one_of_the_two_debug_keys_is_not_enough(name):
    assert not env.read({name: "true", "SECRET_KEY": KEY}).debugging


def test_problem_with_a_secret_does_not_show_it():
    shown = str(problems(TOKEN_ENCRYPTION_KEYS="k1:c2VjcmV0", DATABASE_URL="mysql://u:pw@h/d"))
    assert "c2VjcmV0" not in shown
    assert "pw" not in shown


def test_value_can_come_from_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(f"{KEY}\n")
    assert env.read({"SECRET_KEY_FILE": str(secret)}).secret_key == KEY


def test_missing_file_is_one_problem_with_the_name_of_the_file_variable():
    assert set(problems(SECRET_KEY_FILE="/nowhere/secret")) == {"SECRET_KEY_FILE"}


def test_file_that_is_not_text_is_a_problem(tmp_path):
    (tmp_path / "secret").write_bytes(b"\xff\xfe\x00")
    assert "SECRET_KEY_FILE" in problems(SECRET_KEY_FILE=str(tmp_path / "secret"))


def test_value_and_file_at_once_are_a_problem(tmp_path):
    (tmp_path / "secret").write_text(KEY)
    assert "SECRET_KEY" in problems(SECRET_KEY=KEY, SECRET_KEY_FILE=str(tmp_path / "secret"))


def test_secret_that_begins_with_a_dollar_is_taken_literally():
    assert env.read({"SECRET_KEY": "$abc" + KEY}).secret_key == "$abc" + KEY


def test_blanks_around_list_items_are_ignored():
    environment = env.read({"ALLOWED_HOSTS": " a.example , b.example,, "})
    assert environment.allowed_hosts == ("a.example", "b.example")


def test_empty_value_is_the_default():
    environment = env.read({"PORT": "", "DEBUG": "", "ALLOWED_HOSTS": " "})
    assert environment.port == 8000
    assert "127.0.0.1" in environment.allowed_hosts


@pytest.mark.parametrize("word", ["0", "65536", "-1", "8000.0", "1_000", "٨٠٠٠", "8000 9000"])
def test_port_out_of_range_or_not_a_number_is_refused(word):
    assert "PORT" in problems(PORT=word)


@pytest.mark.parametrize("rate", ["100/h", "5 / m", "1/s", "7/d"])
def test_rates_are_read(rate):
    assert "RATE_LIMIT_READ" not in problems(RATE_LIMIT_READ=rate)


@pytest.mark.parametrize("rate", ["100", "0/m", "5/mx", "10/5m", "m/5", "-5/m", "5/"])
def test_rates_that_a_limiter_would_misread_are_refused(rate):
    assert "RATE_LIMIT_READ" in problems(RATE_LIMIT_READ=rate)


@pytest.mark.parametrize(
    "address", ["mysql://h/d", "localhost", "postgres://h:x/d", "postgres://h"]
)
def test_database_address_that_is_not_ours_is_refused(address):
    assert "DATABASE_URL" in problems(DATABASE_URL=address)


def test_database_password_with_odd_characters_is_decoded():
    found = env.read({"DATABASE_URL": "postgres://u:p%40%23s@db:5433/shop?sslmode=require"})
    assert found.database_url["PASSWORD"] == "p@#s"
    assert found.database_url["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("address", ["example.com", "ftp://x", "http://", "https://[::1", "//x"])
def test_web_address_that_is_not_one_is_refused(address):
    assert "FRONTEND_URL" in problems(FRONTEND_URL=address)


def test_slash_at_the_end_of_the_frontend_is_dropped():
    assert env.read({"FRONTEND_URL": "https://a.example/"}).frontend_url == "https://a.example"


@pytest.mark.parametrize("address", ["http://x", "localhost:6379", "amqp://x"])
def test_redis_address_must_be_redis(address):
    assert "REDIS_URL" in problems(REDIS_URL=address)


def test_encryption_keys_keep_their_order():
    environment = env.read({"TOKEN_ENCRYPTION_KEYS": f"new:{RAW_KEY}, old:{RAW_KEY}"})
    assert list(environment.token_encryption_keys) == ["new", "old"]


@pytest.mark.parametrize(
    "keys", [f"{RAW_KEY}", "k:AAAA", f":{RAW_KEY}", f"k:{RAW_KEY},k:{RAW_KEY}"]
)
def test_wrong_encryption_keys_are_refused(keys):
    assert "TOKEN_ENCRYPTION_KEYS" in problems(TOKEN_ENCRYPTION_KEYS=keys)


def test_published_webhook_key_is_the_default_and_equals_its_raw_form():
    (default,) = env.read({}).highlevel_webhook_public_keys
    assert values.public_keys(base64.b64encode(default).decode()) == (default,)


@pytest.mark.parametrize("key", ["AAAA", "not base64!", base64.b64encode(b"x" * 44).decode()])
def test_wrong_webhook_key_is_refused(key):
    assert "HIGHLEVEL_WEBHOOK_PUBLIC_KEYS" in problems(HIGHLEVEL_WEBHOOK_PUBLIC_KEYS=key)


def test_highlevel_app_without_its_secret_and_keys_cannot_be_served():
    found = problems(SECRET_KEY=KEY, HIGHLEVEL_CLIENT_ID="app")
    assert set(found) == {"HIGHLEVEL_CLIENT_SECRET", "TOKEN_ENCRYPTION_KEYS"}


def test_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("PORT=9001\nWEB_CONCURRENCY=3\nSECRET_KEY=$abc\n")
    monkeypatch.setenv("ENV_FILE", str(tmp_path / ".env"))
    monkeypatch.setenv("PORT", "9002")
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    environment = env.load()
    assert (environment.port, environment.web_concurrency) == (9002, 3)


def test_example_file_documents_every_variable():
    text = (env.BASE_DIR / ".env.example").read_text()
    documented = re.findall(r"^([A-Z0-9_]+)=", text, re.MULTILINE)
    assert sorted(documented) == sorted(env.variables())


def test_example_file_is_valid_once_a_secret_key_is_filled_in():
    text = (env.BASE_DIR / ".env.example").read_text()
    lines = dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", text, re.MULTILINE))
    environment = env.read({**lines, "SECRET_KEY": KEY})
    assert environment.problems == ()
    assert environment == env.read({"SECRET_KEY": KEY})


def test_nothing_else_reads_the_environment():
    readers = {
        str(path.relative_to(env.BASE_DIR))
        for folder in ("apps", "config")
        for path in Path(env.BASE_DIR / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    # Two name the settings module, as Django asks of them.
    assert readers == {"config/env.py", "config/celery.py", "config/wsgi.py"}
