"""Where outgoing calls may go: the address that was checked is the one that is connected to.

A name is looked up once, at the moment of connecting, and every address it has must be allowed;
a name that answers differently a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable
from enum import IntEnum
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager

from apps.ops.http.deadline import watch

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_CONNECT_SECONDS = 5.0
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: What Python's lists take for public and is not: other forms of IPv4 in IPv6 (compatible,
#: translated, of a local NAT64), site-local addresses, those for documents and for segment routing.
_NOT_PUBLIC = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "fec0::/10", "3fff::/20", "5f00::/16",
    )
)  # fmt: skip


class Reach(IntEnum):
    """How far inside a call may go."""

    PUBLIC = 0
    LOOPBACK = 1
    PRIVATE = 2


class AddressRefusedError(Exception):
    """The host lies where outgoing calls must not go."""


def refuse_address(url: str, reach: Reach = Reach.PUBLIC) -> None:
    """Raise ``AddressRefusedError`` for what can be seen without a look-up.

    For telling a person early; a name is checked when it is connected to.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return  # no address at all, which the caller notices
    if reach < Reach.LOOPBACK and (host == "localhost" or host.endswith(".localhost")):
        raise AddressRefusedError(host)
    if number := _number(host):
        _check(host, [number], reach)


def is_allowed(address: Address, reach: Reach) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_allowed(inner, reach)
    if address.is_multicast or address.is_unspecified:
        return False
    if address.is_loopback:
        return reach >= Reach.LOOPBACK
    is_public = address.is_global and not any(address in each for each in _NOT_PUBLIC)
    return is_public or reach >= Reach.PRIVATE


def _number(host: str) -> str | None:
    """The address that a socket would take this host for: also 127.1, 0x7f.1 and 2130706433."""
    try:
        return str(ipaddress.ip_address(host) if ":" in host else socket.inet_ntoa(_aton(host)))
    except (OSError, ValueError):
        return None


def _aton(host: str) -> bytes:
    # glibc also reads "8.8.8.8 and what follows", which is no host.
    return socket.inet_aton(host if not any(mark.isspace() for mark in host) else "")


def _check(host: str, addresses: Iterable[object], reach: Reach) -> None:
    for each in addresses:
        if not is_allowed(ipaddress.ip_address(str(each).split("%")[0]), reach):
            raise AddressRefusedError(host)


class _Guarded(HTTPConnection):
    """Resolves, checks, and connects to what was checked."""

    reach = Reach.PUBLIC

    def _new_conn(self) -> socket.socket:
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as wrong:
            error = wrong if isinstance(wrong, socket.gaierror) else socket.gaierror(str(wrong))
            raise NameResolutionError(self.host, self, error) from wrong
        _check(self.host, (each[4][0] for each in found), self.reach)
        try:
            connected = self._connect_to_first(found)
        except TimeoutError as wrong:
            raise ConnectTimeoutError(self, f"{self.host} did not take the connection") from wrong
        except OSError as wrong:
            raise NewConnectionError(self, f"{self.host}: {wrong}") from wrong
        watch(connected)
        return connected

    def _connect_to_first(self, found: list[Any]) -> socket.socket:
        failure: OSError = OSError("the name has no address")
        seconds = self.timeout if isinstance(self.timeout, int | float) else _CONNECT_SECONDS
        end = time.monotonic() + seconds
        for family, kind, protocol, _, address in found[:4]:
            connection = socket.socket(family, kind, protocol)
            try:
                for option in self.socket_options or ():
                    connection.setsockopt(*option)
                # All addresses of a name share the time that is given.
                connection.settimeout(max(0.05, end - time.monotonic()))
                connection.connect(address)
            except OSError as wrong:
                connection.close()
                failure = wrong
            else:
                connection.settimeout(seconds)
                return connection
        raise failure

    def request(self, *args: Any, **options: Any) -> None:
        # A connection that is kept open was watched by the call that opened it.
        watch(self.sock)
        super().request(*args, **options)


class GuardedAdapter(HTTPAdapter):
    """The transport of one reach, with a pool of connections that no other reach can borrow."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        super().__init__(pool_connections=20, pool_maxsize=10)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **options: Any
    ) -> None:
        plain = type("Plain", (_Guarded,), {"reach": self.reach})
        secure = type("Secure", (_Guarded, HTTPSConnection), {"reach": self.reach})
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
