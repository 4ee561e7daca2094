"""JSON bodies: read strictly, refused with a place."""

import json

import pytest
from django.test import Client

from apps.ops.errors import ApplicationError
from apps.ops.parsers import MAX_DEPTH, MAX_VALUES, parse_json

pytestmark = pytest.mark.urls("tests.ops.urls")


def refusal(raw: bytes) -> ApplicationError:
    with pytest.raises(ApplicationError) as refused:
        parse_json(raw)
    assert (refused.value.code, refused.value.status) == ("malformed_json", 400)
    return refused.value


def test_ordinary_body_is_read_unchanged():
    value = {"Some_Key": [1, 2.5, None, True, "ü"], "deep": {"a": {}}}
    assert parse_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize("raw", [b'"NaN"', b'{"Infinity": 1}', b"null", b"0", b"1e308", b" [] \n"])
def test_near_misses_are_read(raw):
    assert parse_json(raw) == json.loads(raw)


def test_byte_order_mark_is_tolerated():
    assert parse_json(b"\xef\xbb\xbf{}") == {}


def test_lone_surrogate_is_read():
    assert parse_json(b'"\\ud800"') == "\ud800"


def test_broken_json_has_line_and_column():
    assert "line 3, column 8" in refusal(b'{\n "a": 1,\n  "b": }').message


def test_truncated_json_is_refused():
    assert refusal(b'{"a": [1, 2').details[0]["code"] == "syntax"


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_constants_that_json_lacks_are_refused_with_their_place(word):
    message = refusal(f'["NaN Infinity \\"",\n {word}]'.encode()).message
    assert f"{word} is not a JSON number, at line 2, column 2" in message


@pytest.mark.parametrize("raw", [b"1e999", b"[-1e400]", b"9" * 5000])
def test_numbers_beyond_reach_are_refused(raw):
    assert refusal(raw).details[0]["code"] == "number_too_large"


@pytest.mark.parametrize("raw", [b"", b"  \n", b"\xef\xbb\xbf"])
def test_empty_body_is_refused_as_empty(raw):
    assert "empty" in refusal(raw).message


@pytest.mark.parametrize("raw", [b"\xff\xfe{\x00}\x00", '{"a": "ü"}'.encode("latin-1")])
def test_other_encodings_are_refused_clearly(raw):
    assert "not UTF-8" in refusal(raw).message


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 900, 10_000, 100_000])
@pytest.mark.parametrize("pair", ["[]", '{"a":}'])
def test_deep_nesting_is_refused(depth, pair):
    opening, closing = pair[:-1], pair[-1]
    raw = opening * depth + ("1" if opening != "[" else "") + closing * depth
    assert refusal(raw.encode()).details[0]["code"] == "too_deep"


def test_nesting_at_the_limit_is_read():
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def post(raw: bytes, media_type: str = "application/json") -> tuple[int, str]:
    response = Client().generic("POST", "/api/echo", raw, media_type)
    return response.status_code, response.json().get("error", {}).get("code", "")


def test_broken_body_over_http_is_malformed():
    assert post(b'{"a":') == (400, "malformed_json")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "us-ascii"])
def test_charsets_that_are_utf8_are_read(charset):
    assert post(b"{}", f"application/json; charset={charset}") == (200, "")


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "no-such"])
def test_other_charsets_are_an_unsupported_media_type(charset):
    media_type = f"application/json; charset={charset}"
    assert post(b"{}", media_type) == (415, "unsupported_media_type")


def test_body_at_the_limit_is_read_and_one_byte_more_is_not(settings):
    settings.MAX_BODY_BYTES = 100
    assert post(b'"' + b"a" * 98 + b'"') == (200, "")
    assert post(b'"' + b"a" * 99 + b'"') == (413, "payload_too_large")


def test_large_body_is_refused_wherever_it_is_sent(settings):
    settings.MAX_BODY_BYTES = 100
    response = Client().post("/nope", b"a" * 101, content_type="text/plain")
    assert response.status_code == 413


@pytest.mark.parametrize("raw", [b"[" + b"1," * MAX_VALUES + b"1]", b"[" * (MAX_VALUES + 1)])
def test_body_of_too_many_values_is_refused_before_it_is_parsed(raw):
    with pytest.raises(ApplicationError) as refused:
        parse_json(raw)
    assert refused.value.code == "payload_too_large"


def test_body_of_as_many_values_as_are_allowed_is_read():
    assert len(parse_json(b"[" + b"1," * (MAX_VALUES - 1) + b"1]")) == MAX_VALUES


def test_whole_number_that_no_float_can_hold_is_refused():
    assert refusal(b"1" * 309).details[0]["code"] == "number_too_large"
    assert parse_json(b'["' + b"1" * 400 + b'", -' + b"9" * 308 + b"]")[1] < 0
