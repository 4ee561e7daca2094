"""The network is closed while the suite runs."""

import socket

import pytest

from tests.conftest import NetworkClosedError


@pytest.mark.parametrize("address", [("93.184.216.34", 80), ("10.0.0.1", 80), ("0.0.0.1", 80)])
def test_connection_beyond_this_machine_is_refused(address):
    with socket.socket() as client, pytest.raises(NetworkClosedError):
        client.connect(address)


def test_look_up_beyond_this_machine_is_refused():
    with pytest.raises(NetworkClosedError):
        socket.create_connection(("example.com", 80), timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.3.2.1"])
def test_this_machine_can_be_reached(host):
    with socket.socket() as server:
        server.bind(("", 0))
        server.listen()
        socket.create_connection((host, server.getsockname()[1]), timeout=1).close()
