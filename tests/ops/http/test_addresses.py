"""Calls stay outside: private and loopback addresses are refused however they are written."""

from __future__ import annotations

import ipaddress
import socket
import uuid

import pytest

from apps.ops.errors import ApplicationError
from apps.ops.http import AddressRefusedError, Provider, Reach, refuse_address, send
from apps.ops.http.addresses import is_allowed
from tests.players.server import Player, Reply, serving

PRIVATE = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "fd00::1", "fe80::1",
    "::ffff:10.0.0.1", "2002:a00:1::", "64:ff9b::a00:1", "192.0.2.1", "198.18.0.1", "240.0.0.1",
    "::127.0.0.1", "::169.254.169.254", "::ffff:0:7f00:1", "64:ff9b:1::7f00:1", "fec0::1",
]  # fmt: skip
LOOPBACK = ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"]
NEVER = ["0.0.0.0", "::", "224.0.0.1", "ff02::1"]  # noqa: S104
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "172.32.0.1"]


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("text", PUBLIC + LOOPBACK + PRIVATE + NEVER)
def test_each_reach_goes_so_far_and_no_further(text, reach):
    least = (
        Reach.PUBLIC if text in PUBLIC else Reach.LOOPBACK if text in LOOPBACK else Reach.PRIVATE
    )
    expected = text not in NEVER and reach >= least
    assert is_allowed(ipaddress.ip_address(text), reach) is expected


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]",
     "localhost", "LOCALHOST", "localhost.", "a.localhost", "10.0.0.1", "0", "[fd00::1]"],
)  # fmt: skip
def test_private_hosts_are_seen_early(host):
    with pytest.raises(AddressRefusedError):
        refuse_address(f"http://{host}:5678/")


@pytest.mark.parametrize(
    "host", ["n8n.example.com", "8.8.8.8", "localhost.example.com", "10.example"]
)
def test_other_hosts_are_not(host):
    refuse_address(f"https://{host}/")


class Inside(Player):
    def answer(self, request):
        return Reply(200, {"secret": True})


@pytest.fixture
def inside():
    player = Inside()
    with serving(player):
        yield player


def provider(reach=Reach.PUBLIC):
    return Provider(f"test-{uuid.uuid4()}", "X", reach=reach)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "localhost", "2130706433", "0x7f.1"])
def test_a_call_inside_is_refused_and_never_made(inside, host):
    url = inside.url.replace("127.0.0.1", host)
    with pytest.raises(ApplicationError) as error:
        send(provider(), "GET", url)
    assert (error.value.code, error.value.permanent) == ("validation_error", True)
    assert inside.requests == []


def test_the_deployment_may_allow_it(inside, settings):
    settings.ALLOW_PRIVATE_ADDRESSES = True
    assert send(provider(), "GET", inside.url).status == 200


def test_a_name_that_answers_differently_a_moment_later_gains_nothing(inside, monkeypatch):
    """DNS rebinding: one look-up, and what it answered is checked and used."""
    answers = ["8.8.8.8", "127.0.0.1"]
    asked = []

    def look_up(host, port, *rest, **options):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[len(asked) - 1], port))]

    connected = []

    def connect(self, address):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(ApplicationError) as error:
        send(provider(), "POST", inside.url.replace("127.0.0.1", "rebind.example"))
    assert (error.value.code, connected) == ("upstream_unavailable", ["8.8.8.8"])
    with pytest.raises(ApplicationError) as error:
        send(provider(), "POST", inside.url.replace("127.0.0.1", "rebind.example"))
    assert (error.value.code, connected) == ("validation_error", ["8.8.8.8"])


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("8.8.8.8", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *rest, **options: found)
    with pytest.raises(ApplicationError, match="public internet"):
        send(provider(), "GET", "http://both.example/")


def test_a_connection_kept_open_by_one_reach_serves_no_other(inside):
    assert send(provider(Reach.LOOPBACK), "GET", inside.url).status == 200
    with pytest.raises(ApplicationError):
        send(provider(), "GET", inside.url)
    assert len(inside.requests) == 1


@pytest.mark.parametrize(
    "url", ["http://", "ftp://example.com/", "file:///etc/passwd", "http://[bad/", "http://a b/"]
)
def test_what_is_no_web_address_is_an_error_not_a_crash(url):
    with pytest.raises(ApplicationError):
        send(provider(), "GET", url)
