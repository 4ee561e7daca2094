"""Whether a name is one that secrets have, and whether a value could be a secret.

Entropy decides only about values under such a name; what is told apart by form or by word
(placeholders, paths, addresses, public keys) is excluded before.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections import Counter
from functools import lru_cache


def is_public_token(value: str) -> bool:
    """A web token made to be seen: Supabase's for anonymous visitors, the sample of jwt.io."""
    if not value.startswith("eyJ"):
        return False
    body = value.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(claims, dict) and (
        claims.get("role") == "anon" or claims.get("name") == "John Doe"
    )


#: Said instead of a secret; compared with the value in lower case.
_PLACEHOLDERS = (
    "your", "example", "sample", "dummy", "placeholder", "changeme", "change_me", "change-me",
    "replace", "insert", "xxxx", "****", "....", "…", "<", "redacted", "_here", "-here", "my_",
    "my-", "todo", "fake", "enter_", "enter-", "paste",
)  # fmt: skip


def is_placeholder(value: str) -> bool:
    """Whether a value only stands for a secret: ``YOUR_API_KEY``, ``sk-xxxx…``, ``<token>``."""
    lower = value.lower()
    if any(word in lower for word in _PLACEHOLDERS):
        return True
    tail = lower[-12:]
    return len(set(tail)) <= min(3, len(tail) - 1)


_NOT_WORD = re.compile(r"[^a-z0-9]+")
#: What the name of a secret ends with, its separators taken out.
_SECRET_NAME = re.compile(
    r"(?:(?:api|access|secret|private|auth|service|subscription|encryption|signing|master|app"
    r"|account|consumer|security|shared|admin|client)key|token|secret|password|passwd|passphrase"
    r"|passcode|pwd|authorization|bearer|jwt)$|^(?:smtp|user|db)?pass$"
)
#: Tokens that open nothing: they mark a place in a list, a device or a form.
OPEN_TOKEN = re.compile(
    r"(?:max|min|next|prev|previous|page|pagination|continuation|sync|start|stop|end|cursor|csrf"
    r"|xsrf|push|device|pad|eos|bos|id|delta|skip|reply|cancel|unsubscribe)s?(?:page)?token$"
    r"|public(?:api)?key$|publishable"
)


def plain_name(name: str) -> str:
    """A name without case and separators, as the patterns here are written."""
    return _NOT_WORD.sub("", name[-80:].lower())


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether a parameter, header or variable of this name holds a secret."""
    plain = plain_name(name)
    return bool(_SECRET_NAME.search(plain)) and not OPEN_TOKEN.search(plain)


@lru_cache(maxsize=4096)
def is_password_name(name: str) -> bool:
    plain = plain_name(name)
    return plain.endswith(("password", "passwd", "passphrase", "passcode", "pwd"))


_SCHEME = re.compile(r"(?:bearer|basic|token|apikey|api-key|key|bot)[ :]+(?=\S)", re.IGNORECASE)
#: What is computed or looked up when the workflow runs.
COMPUTED = re.compile(
    r"\{\{|\$\{|\$\(|^[$\[{=]|\$(?:json|node|env|vars|input|secrets)\b|%\w+%|process\.env|\w\([^()]*\)"
)
#: A path to a value (``body.access_token``) or a plain word or two (``header-auth``).
_PATH = re.compile(r"[A-Za-z_]\w*(?:[.\[\]-]+\w+)*\]?")
_ADDRESS = re.compile(r"[a-z][a-z+]{1,20}://|[^\s@]+@[^\s@]+\.[a-z]{2,}$", re.IGNORECASE)


def literal_secret(name: str, value: str) -> str | None:
    """The secret in a named value, its scheme (``Bearer``) taken off; ``None`` if there is none.

    ``name`` must be a secret's name. A value counts when it is written out, is no placeholder,
    path, word or address, and is long and mixed enough for what it is named.
    """
    text = value.strip()
    if text.startswith("=") and "{{" not in text:
        text = text[1:].strip()
    scheme = _SCHEME.match(text)
    secret = text[scheme.end() :] if scheme else text
    if not 6 <= len(secret) <= 2000 or any(mark.isspace() for mark in secret):
        return None
    if scheme and scheme[0][:5].lower() == "basic":
        return secret if _is_basic(secret) and not is_placeholder(secret) else None
    if COMPUTED.search(secret) or is_placeholder(secret) or _ADDRESS.match(secret):
        return None
    if secret.startswith(("pk_", "pk.")) or is_public_token(secret):
        return None
    strong = _is_password if is_password_name(name) else _is_token
    return secret if strong(secret) else None


def _is_basic(secret: str) -> bool:
    """``user:password`` in base64."""
    try:
        pair = base64.b64decode(secret + "=" * (-len(secret) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    user, colon, password = pair.partition(b":")
    plain = (user + password).decode("latin-1").lower()
    return bool(colon and (user or password)) and not is_placeholder(plain)


def _is_password(secret: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit, lambda mark: not mark.isalnum())
    mixed = sum(any(kind(mark) for mark in secret) for kind in kinds)
    if mixed < 2 or len(set(secret)) < 4:
        return False
    return any(mark.isdigit() for mark in secret) or not _PATH.fullmatch(secret)


def _is_token(secret: str) -> bool:
    digits = sum(mark.isdigit() for mark in secret)
    if len(secret) < 8 or digits < 2 or (digits == len(secret) < 16):
        return False
    if "." in secret and _PATH.fullmatch(secret) and len(secret) < 30:
        return False  # steps.http1.token
    return entropy(secret) >= (2.5 if len(secret) < 20 else 3.0)


def entropy(text: str) -> float:
    """Bits per character (Shannon): about 3.5 and more for random text of 20 characters."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values())
