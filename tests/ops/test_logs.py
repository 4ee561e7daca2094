"""What a log line shows, and what it must never show."""

import json
import logging
import sys
from typing import Any

import pytest
from django.conf import settings

from apps.ops import context, logs


def record(message: str, *args: Any, **extra: Any) -> logging.LogRecord:
    return logging.getLogger("t").makeRecord("t", 20, "f", 1, message, args, None, extra=extra)


def line(*args: Any, **extra: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(logs.JsonFormatter().format(record(*args, **extra)))
    return found


def test_json_line_has_level_logger_message_time_and_extra():
    found = line("hello %s", "you", steps=3)
    assert found["message"] == "hello you"
    assert (found["level"], found["logger"], found["steps"]) == ("INFO", "t", 3)
    assert found["timestamp"].endswith("Z")


def test_request_id_and_bound_fields_are_on_every_line():
    token = context.request_id.set("an-id")
    try:
        with context.bind(job="j1", account="a1"):
            found = line("x")
            short = logs.ConsoleFormatter().format(record("x"))
    finally:
        context.request_id.reset(token)
    assert (found["requestId"], found["job"], found["account"]) == ("an-id", "j1", "a1")
    assert short.endswith("[an-id]")
    assert "job" not in line("x")


SECRETS = [
    "Authorization: Bearer abcdef123456",
    "password=hunter2-abc",
    '{"access_token": "abc-def-ghi"}',
    "{'refresh_token': 'abc-def-ghi'}",
    "postgres://user:hunter2-abc@db/shop",
    "key wd_abcdef123456 used",
    "stripe sk_live_abcdef123456",
    "whsec_abcdef123456",
    "token is pit-abcdef123456",
    "jwt eyJhbGciOiJI.eyJzdWIiOiIx.abcdef123456",
    "GET /cb?client_secret=abc-def-ghi&x=1",
]
VALUES = ["abcdef123456", "hunter2-abc", "abc-def-ghi"]


@pytest.mark.parametrize("text", SECRETS)
@pytest.mark.parametrize("formatter", [logs.JsonFormatter, logs.ConsoleFormatter])
def test_secrets_are_hidden_in_message_and_arguments(text, formatter):
    for written in (
        formatter().format(record(text)),
        formatter().format(record("got %s", text)),
        formatter().format(record("got %(it)s", {"it": text})),
        formatter().format(record("got %r", [text])),
    ):
        assert not any(value in written for value in VALUES)
        assert logs.HIDDEN in written


@pytest.mark.parametrize(
    "name", ["password", "api_key", "accessToken", "Authorization", "client_secret", "cookie"]
)
def test_secrets_are_hidden_in_extra_fields_at_any_depth(name):
    assert line("x", **{name: "plain-word"})[name] == logs.HIDDEN
    assert line("x", data={"a": [{name: "plain-word"}]})["data"] == {"a": [{name: logs.HIDDEN}]}


def test_secret_in_a_traceback_is_hidden():
    try:
        raise ValueError("password=hunter2-abc")
    except ValueError:
        made = record("failed")
        made.exc_info = sys.exc_info()
    written = logs.JsonFormatter().format(made)
    assert "hunter2-abc" not in written
    assert "ValueError" in written
    assert "hunter2-abc" not in logs.ConsoleFormatter().format(made)


def test_configured_secret_is_hidden_wherever_it_turns_up():
    assert settings.SECRET_KEY not in logs.JsonFormatter().format(
        record(f"x {settings.SECRET_KEY}")
    )


@pytest.mark.parametrize(
    "text",
    [
        "100% of 5 steps",
        "the password was changed",
        "https://example.com/a:b@c",
        "tokenised 4 words",
        "basic plan",
        "bearer of news",
        "ratio 3:4 and a=b",
        "author: Alice",
    ],
)
def test_ordinary_text_stays(text):
    assert line(text)["message"] == text


@pytest.mark.parametrize("name", ["author", "path", "status", "monkey", "durationMs"])
def test_ordinary_fields_stay(name):
    assert line("x", **{name: "word"})[name] == "word"


def test_numbers_in_arguments_keep_their_format():
    assert line("%d in %.1f ms", 200, 3.14159)["message"] == "200 in 3.1 ms"


def test_line_with_wrong_arguments_is_written_all_the_same():
    assert "%d" in line("%d items", "many")["message"]


def test_formatting_leaves_the_record_as_it_was():
    made = record("password=%s", "hunter2-abc", token="t")
    logs.JsonFormatter().format(made)
    assert made.args == ("hunter2-abc",)
    assert vars(made)["token"] == "t"


@pytest.mark.parametrize("odd", ["\n", "\r\n", "\x1b[31m", "\x00", "\x85", "\u2028", "\x7f"])
def test_message_never_makes_a_line_of_its_own_or_moves_the_terminal(odd):
    shown = logs.ConsoleFormatter().format(record("GET %s", f"/{odd}12:00:00 INFO all is well"))
    assert odd not in shown
    assert len(shown.splitlines()) == 1
    assert odd not in logs.JsonFormatter().format(record("GET %s", f"/{odd}x"))


def test_traceback_keeps_its_lines_on_a_console():
    try:
        raise ValueError("odd")
    except ValueError:
        wrong = logging.LogRecord("t", 40, "f", 1, "failed", None, sys.exc_info())
    assert len(logs.ConsoleFormatter().format(wrong).splitlines()) > 2


@pytest.mark.parametrize(
    "piece",
    ["x", "token", "eyJ-", "eyJ", "a=", "token=", "://a:", "bearer ", " ", "wd_", '"', "a: "],
)
def test_long_line_of_anything_is_searched_in_one_go(piece):
    """With a pattern that looks twice this would run for hours."""
    assert logs.redact(piece * (300_000 // len(piece)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("query=token=abc", "query=token=[hidden]"),
        ("a=1&api_key=2&b=3", "a=1&api_key=[hidden]&b=3"),
        ("{'password': 'p w', 'b': 1}", "{'password': [hidden], 'b': 1}"),
        ("x-client-secret : s", "x-client-secret : [hidden]"),
        ("token=[hidden] token=x", "token=[hidden] token=[hidden]"),
        ("tokens are fine: none", "tokens are fine: none"),
        ("a token, a secret and a cookie", "a token, a secret and a cookie"),
    ],
)
def test_value_is_hidden_by_the_name_before_it(text, shown):
    assert logs.redact(text) == shown
