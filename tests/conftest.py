"""What every test gets: a closed network and cache keys of its own."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.core.cache import caches
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

pytest_plugins = ["tests.cast", "tests.servers"]


# No test judges how fast a machine is, least of all one that does other things besides.
hypothesis_settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")


class NetworkClosedError(AssertionError):
    """A test tried to leave this machine."""


def _may_reach(host: object) -> bool:
    named = {urlsplit(settings.REDIS_URL).hostname, settings.DATABASES["default"].get("HOST")}
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in {"localhost", "", *(each for each in named if each)}:
        return True
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Refuses connections and look-ups beyond this machine; Unix sockets stay open."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    look_up = socket.getaddrinfo

    def refuse(address: Any) -> None:
        if isinstance(address, tuple) and not _may_reach(address[0]):
            raise NetworkClosedError(f"the network is closed in tests: {address}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *rest: Any, **options: Any) -> Any:
        if host is not None:
            refuse((host,))
        return look_up(host, *rest, **options)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    patch.undo()


def pytest_configure() -> None:
    """Keys of our own per run and worker, since the Redis may be someone's; a quick hash.

    Here and not in a fixture: making the test database already opens the cache.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    for options in settings.CACHES.values():
        options["KEY_PREFIX"] = f"test-{os.getpid()}-{worker}"
    # Limits have tests of their own; everywhere else they would only be in the way.
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (1_000_000, 60))
    # The real one takes a third of a second on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def no_keys_left(closed_network: None) -> Iterator[None]:
    yield
    if settings.REDIS_URL:
        prefix = settings.CACHES["default"]["KEY_PREFIX"]
        client = redis.Redis.from_url(settings.REDIS_URL)
        for key in client.scan_iter(f"{prefix}*", count=1000):
            client.delete(key)
        client.close()
    caches.close_all()
