"""Addresses taken apart: what is fixed, local, public; what a report may show of them."""

import time

import pytest

from apps.workflows.analysis.facts.urls import parse_url, urls_in, without_expressions


@pytest.mark.parametrize(
    "text",
    [
        "http://acme.com",
        "http://acme.com:8080/x",
        "HTTP://ACME.COM",
        "=http://acme.com/{{ $json.id }}",
        "={{ 'http://acme.com/' + $json.id }}",
        "http://user:pw@acme.com",
        "http://acme.com.",
        "http://8.8.8.8/x",
        "http://[2606:4700::1111]/x",
        "http://пример.рф/",
    ],
)
def test_public_hosts(text):
    url = parse_url(text)
    assert url is not None
    assert url.is_public
    assert url.scheme == "http"


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:3000", "http://LOCALHOST", "http://api.localhost", "http://127.0.0.1",
        "http://127.1", "http://2130706433", "http://0x7f000001", "http://0.0.0.0:5678",
        "http://[::1]:1880/x", "http://[::ffff:127.0.0.1]/",
    ],
)  # fmt: skip
def test_this_machine(text):
    url = parse_url(text)
    assert url is not None
    assert url.is_local
    assert not url.is_public


@pytest.mark.parametrize(
    "text",
    [
        "http://10.1.2.3", "http://192.168.0.5:8123", "http://172.16.0.1", "http://169.254.169.254",
        "http://100.64.0.1", "http://[fd00::1]/", "http://ollama:11434/api", "http://nas.local",
        "http://svc.team.svc.cluster.local", "http://host.docker.internal:11434",
        "http://{{ $json.host }}/x", "={{ $json.url }}", "http://{{custom_values.host}}.acme.com",
        "http://${HOST}/x", "http://<your-host>/x", "http://[YOUR_HOST]/x", "http://.../x",
        "http://%HOST%/x", "http:///x", "http://box.tail1234.ts.net",
        "={{ $json.secure ? 'http://a.com' : 'http://b.com' }}",
    ],
)  # fmt: skip
def test_what_is_private_or_not_fixed_is_not_public(text):
    url = parse_url(text)
    assert url is None or not url.is_public


@pytest.mark.parametrize("text", ["", "acme.com", "ftp://acme.com", "see http://acme.com", "//a.b"])
def test_other_texts_are_no_address(text):
    assert parse_url(text) is None


def test_parts():
    url = parse_url("https://u:p@Acme.com:8443/a/b?x={{ $json.x }}&y=2#z", "url")
    assert url is not None
    assert (url.host, url.port, url.path) == ("acme.com", "8443", "/a/b")
    assert (url.query, url.credentials) == ("x={{…}}&y=2", "u:p")


@pytest.mark.parametrize(
    "text",
    [
        "https://user:hunter2secret@acme.com/x",
        "https://acme.com/x?token=hunter2secret",
        "https://api.telegram.org/bot123456789:" + "AAhunter2secretZ3kQ9xT7pLm2VbN8cR4wYj/send",
        "https://acme.com/hooks/hunter2secretZ3kQ9xT7pLm2V",
    ],
)
def test_what_is_shown_holds_no_secret(text):
    url = parse_url(text)
    assert url is not None
    assert "hunter2secret" not in url.shown
    assert url.shown.startswith("https://")


def test_addresses_in_a_text_end_where_they_end():
    text = "See (http://a.com), `http://b.com/x` and [c](http://c.com/y?z=1)."
    assert [url.host for url in urls_in(text)] == ["a.com", "b.com", "c.com"]


def test_expressions_of_any_length_become_a_mark():
    assert without_expressions("a{{ " + "x" * 9_000 + " }}b{{{c}}}d") == "a{{…}}b{{…}}d"
    assert without_expressions("a{{ b") == "a{{ b"


@pytest.mark.parametrize("evil", ["{{" * 100_000, "http://" * 40_000, "http://a@" * 30_000])
def test_hostile_addresses_take_linear_time(evil):
    started = time.perf_counter()
    urls_in(evil)
    parse_url(evil)
    assert time.perf_counter() - started < 2
