"""Turns the text of an environment variable into a typed value, or says how to write it."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import environ

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
_RATE = re.compile(r"([1-9]\d*)/([smhd])")
_DATABASES = ("postgres", "postgresql", "sqlite")
# The DER wrapping of an Ed25519 public key (RFC 8410) before its 32 raw bytes.
_ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")


@dataclass(frozen=True)
class Rate:
    """So many requests in so many seconds."""

    count: int
    unit: str

    @property
    def seconds(self) -> int:
        return {"s": 1, "m": 60, "h": 3600, "d": 86_400}[self.unit]

    def __str__(self) -> str:
        return f"{self.count}/{self.unit}"


def text(value: str) -> str:
    return value


def flag(value: str) -> bool:
    lowered = value.lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise ValueError("write true or false")


def number(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        # int() would also take "1_0" and digits of other scripts.
        if re.fullmatch(r"[0-9]{1,9}", value) and least <= int(value) <= most:
            return int(value)
        raise ValueError(f"write a whole number from {least} to {most}")

    return parse


def choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        for option in allowed:
            if option.lower() == value.lower():
                return option
        raise ValueError(f"write one of {', '.join(allowed)}")

    return parse


def items(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def addresses(value: str) -> tuple[str, ...]:
    found = items(value)
    if not all(re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+", each) for each in found):
        raise ValueError("write e-mail addresses, comma separated, without names")
    return found


def url(*schemes: str) -> Callable[[str], str]:
    wanted = " or ".join(f"{scheme}://…" for scheme in schemes)

    def parse(value: str) -> str:
        fix = f"write an address that begins with {wanted}"
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError:
            raise ValueError(fix) from None
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            raise ValueError(fix)
        return value

    return parse


def web_url(value: str) -> str:
    address = url("http", "https")(value)
    if not urlsplit(address).hostname:
        raise ValueError("write a full address, such as https://app.example.com")
    return address.rstrip("/")


def rate(value: str) -> Rate:
    match = _RATE.fullmatch(value.replace(" ", ""))
    if match is None:
        raise ValueError("write a number and a unit, such as 5/m (s, m, h or d)")
    return Rate(int(match[1]), match[2])


def thresholds(value: str) -> tuple[float, float]:
    """From where on something is degraded, and from where on unhealthy."""
    fix = "write two numbers, such as 85, 95: degraded from the first, unhealthy from the second"
    pair = items(value)
    if len(pair) != 2 or not all(re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", each) for each in pair):
        raise ValueError(fix)
    degraded, unhealthy = float(pair[0]), float(pair[1])
    if degraded > unhealthy:
        raise ValueError(fix)
    return degraded, unhealthy


def database(value: str) -> dict[str, Any]:
    fix = "write postgres://user:password@host:5432/name or sqlite:///path"
    if value.split(":", 1)[0] not in _DATABASES:
        raise ValueError(fix)
    try:
        found: dict[str, Any] = dict(environ.Env.db_url_config(value))
    except (ValueError, environ.ImproperlyConfigured):
        raise ValueError(fix) from None
    if not found.get("NAME"):
        raise ValueError(f"the address names no database; {fix}")
    return found


def encryption_keys(value: str) -> Mapping[str, bytes]:
    keys: dict[str, bytes] = {}
    for position, item in enumerate(items(value), start=1):
        name, colon, encoded = item.partition(":")
        key = _base64(encoded)
        # Never the item itself: it is a secret, and this text reaches a terminal or a log.
        if not colon or not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", name) or len(key or b"") != 32:
            raise ValueError(f"key {position} must read id:base64 of exactly 32 bytes")
        if name in keys:
            raise ValueError(f"the id {name} is used twice; give every key its own")
        keys[name] = key or b""
    return keys


def public_keys(value: str) -> tuple[bytes, ...]:
    keys = []
    for position, item in enumerate(items(value), start=1):
        key = (_base64(item) or b"").removeprefix(_ED25519_PREFIX)
        if len(key) != 32:
            raise ValueError(f"key {position} must be base64 of an Ed25519 public key, DER or raw")
        keys.append(key)
    return tuple(keys)


def _base64(value: str) -> bytes | None:
    """Both alphabets, with or without padding: key generators differ."""
    plain = value.strip().replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
