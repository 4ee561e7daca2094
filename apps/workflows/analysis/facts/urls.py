"""The addresses a step calls, taken apart as far as the file fixes them."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from apps.workflows.analysis.facts.haystacks import texts_holding
from apps.workflows.analysis.facts.secrets import redact
from apps.workflows.analysis.graph import Graph, Kind, Step

#: The last part of a parameter's path that holds an address to call.
_URL_PARAMETER = re.compile(
    r"(?:^|[._\]])(?:url|uri|endpoint|baseurl|base_url|webhookurl|webhook_url|serverurl|host"
    r"|requesturl|request_url|apiurl|api_url|endpointurl|endpoint_url|targeturl|target_url"
    r"|feedurl|instanceurl|serviceurl|hookurl|hook_url)$",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(https?)://([^/?#\s\"'`<>()\\,;|]*)([^?#\s\"'`<>\\]*)(?:\?([^#\s\"'`<>\\]*))?",
    re.IGNORECASE,
)
#: What stands before an address that code calls: ``fetch("``, ``axios.get('``, ``url: `…``.
_CALLED_IN_CODE = re.compile(
    r"(?:\b(?:fetch|axios|got|ky|request|httpRequest|get|post|put|patch|delete|head|urlopen"
    r"|fetch_json|open)\s{0,3}\(\s{0,9}f?|\b(?:url|uri|baseURL|endpoint)[\"']?\s{0,3}[:=]\s{0,3}f?)"
    r"[\"'`]\Z",
    re.IGNORECASE,
)
_LITERAL_FIRST = re.compile(r"\{\{\s{0,9}([\"'`])(?=https?://)", re.IGNORECASE)
#: Names that mean this machine or this network, never a public server.
_LOCAL_SUFFIXES = (
    ".local", ".localdomain", ".internal", ".intranet", ".private", ".lan", ".home", ".corp",
    ".home.arpa", ".localhost", ".svc", ".docker", ".ts.net", ".onion", ".test", ".invalid",
)  # fmt: skip
_PUBLIC_NAME = re.compile(r"(?:[^.]+\.)+[^\W\d_][\w-]+")
#: A part of a path that may be a key: long, with digits, no ordinary word.
_OPAQUE = re.compile(r"(?=[^/\d]*\d)[\w~:-]{20,}")
#: So many calls of one piece of code are told apart.
_MOST_CALLED = 200
#: So much of a path is looked at before what is shown of it is cut.
_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class Url:
    """One address in a parameter. ``host`` and ``query`` may hold ``{{…}}`` expressions."""

    parameter: str
    scheme: str
    host: str  # without user, password and port; lower case
    path: str
    query: str
    credentials: str  # ``user:password`` before the @
    port: str = ""

    @property
    def shown(self) -> str:
        """The address as a report may show it: without credentials, query and what looks secret."""
        path = _OPAQUE.sub("…", redact(self.path[:_SHOWN]))
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{self.host}{port}{path}"[:120]

    @property
    def is_fixed(self) -> bool:
        """Whether the host stands in the file and is not computed at run time."""
        return bool(self.host) and not any(mark in self.host for mark in "{}$<>%*")

    @property
    def is_bare(self) -> bool:
        """Whether the host is an address in figures instead of a name."""
        return _address(self.host) is not None

    @property
    def is_local(self) -> bool:
        """This machine."""
        if self.host == "localhost" or self.host.endswith((".localhost", ".localdomain")):
            return True
        address = _address(self.host)
        return address is not None and (address.is_loopback or address.is_unspecified)

    @property
    def is_public(self) -> bool:
        """A fixed name or address outside private networks; container names are private."""
        if not self.is_fixed or self.is_local:
            return False
        address = _address(self.host)
        if address is not None:
            return address.is_global
        return not self.host.endswith(_LOCAL_SUFFIXES) and bool(_PUBLIC_NAME.fullmatch(self.host))


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    if not (host[-1:].isdigit() or host.startswith(("[", "0x"))):
        return None  # a name
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return _loose_address(host)
    return getattr(address, "ipv4_mapped", None) or address


def _loose_address(host: str) -> ipaddress.IPv4Address | None:
    """An IPv4 address in one of the forms that clients take too: ``127.1``, ``0x7f000001``."""
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):  # ValueError: not ASCII
        return None


def without_expressions(text: str) -> str:
    """The text with ``{{…}}`` for every expression in it, however long."""
    if "{{" not in text:
        return text
    parts = []
    end = 0
    while (start := text.find("{{", end)) >= 0:
        close = text.find("}}", start + 2)
        if close < 0:
            break
        parts.append(text[end:start])
        end = close + 2
        while text.startswith("}", end):  # an object literal or ``{{{mustache}}}`` ends here
            end += 1
    parts.append(text[end:])
    return "{{…}}".join(parts)


def parse_url(text: str, parameter: str = "") -> Url | None:
    """The address a text consists of (an expression's ``=`` before it is fine), or ``None``.

    ``{{ "https://host/" + id }}`` is one too: what is put before everything else is the address.
    """
    bare = text.strip().removeprefix("=").lstrip()
    if literal := _LITERAL_FIRST.match(bare):
        bare = bare[literal.end() :].partition(literal[1])[0]
    match = _URL.match(without_expressions(bare)[:4000])
    return _url(match, parameter) if match else None


def urls_in(text: str, parameter: str = "") -> list[Url]:
    """Every address written anywhere in a text."""
    return [_url(match, parameter) for match in _URL.finditer(without_expressions(text))]


def _url(match: re.Match[str], parameter: str) -> Url:
    credentials, _, place = match[2].rpartition("@")
    host, colon, port = place.partition(":")
    if place.startswith("["):  # an IPv6 address has colons of its own
        host, colon, port = place.partition("]")
        host, port = host + colon, port.removeprefix(":")
    host = host.lower().rstrip(".")
    port = port if port.isdecimal() else ""
    return Url(parameter, match[1].lower(), host, match[3], match[4] or "", credentials, port)


def called(graph: Graph) -> list[tuple[Step, Url]]:
    """Every address that an enabled step calls, in the order of the steps; made once per graph."""
    return graph.shared(_called)


def _called(graph: Graph) -> list[tuple[Step, Url]]:
    return [
        (step, url)
        for step, parameter, text in texts_with_urls(graph)
        for url in _called_from(step, parameter, text)
    ]


def texts_with_urls(graph: Graph) -> list[tuple[Step, str, str]]:
    """Every text in an enabled step that holds an address: step, parameter, text."""
    return graph.shared(_texts_with_urls)


def _texts_with_urls(graph: Graph) -> list[tuple[Step, str, str]]:
    if "://" not in graph.text:
        return []
    return [
        (step, parameter, text)
        for step in graph.steps
        if step.enabled and step.spec.kind is not Kind.NOTE and "://" in step.text
        for parameter, text in texts_holding(step.params, ("://",))
    ]


def called_urls(step: Step) -> list[Url]:
    """The addresses a step calls: parameters named as one whose whole value is an address.

    In code it is an address handed to a call or given to ``url``; others, such as the names of
    XML schemas, are only text.
    """
    return [
        url
        for parameter, text in texts_holding(step.params, ("://",))
        for url in _called_from(step, parameter, text)
    ]


def _called_from(step: Step, parameter: str, text: str) -> Iterable[Url]:
    if _URL_PARAMETER.search(parameter):
        url = parse_url(text, parameter)
        return (url,) if url is not None else ()
    return _called_in_code(text, parameter) if step.spec.kind is Kind.CODE else ()


def _called_in_code(text: str, parameter: str) -> Iterable[Url]:
    return islice(
        (
            _url(match, parameter)
            for match in _URL.finditer(text)
            if _CALLED_IN_CODE.search(text[max(0, match.start() - 40) : match.start()])
        ),
        _MOST_CALLED,
    )
