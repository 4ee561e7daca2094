"""Connections are closed without waiting for a client that does not."""

import socket
import time

from config.lingering import Closer


def pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair()


def test_many_that_do_not_close_hold_nobody_up():
    closer, pairs = Closer(), [pair() for _ in range(50)]
    started = time.monotonic()
    for ours, _ in pairs:
        ours.sendall(b"answer")
        closer.close(ours)
    assert time.monotonic() - started < 1
    for _, theirs in pairs:
        with theirs:
            assert theirs.recv(100) == b"answer"
            assert theirs.recv(100) == b""


def test_connection_is_closed_in_the_end_whatever_the_client_does():
    closer = Closer()
    ours, theirs = pair()
    closer.close(ours)
    end = time.monotonic() + 10
    while ours.fileno() >= 0:
        assert time.monotonic() < end
        time.sleep(0.05)
    theirs.close()


def test_connection_that_is_gone_already_is_no_error():
    closer = Closer()
    ours, theirs = pair()
    theirs.close()
    closer.close(ours)
    closed = socket.socket()
    closed.close()
    closer.close(closed)
