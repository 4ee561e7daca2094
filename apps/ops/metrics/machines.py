"""Exchanges the figures of this machine with those of others, through the Redis they share.

One process per machine publishes them; who is asked adds its own, as they are now, to what the
others published last. Machines that fell silent drop out after a while. Without Redis each
machine speaks for itself.
"""

import hashlib
import json
import logging
import time
import zlib
from typing import Any

import redis
from django.conf import settings

from apps.ops.metrics.store import STORE, Figures, Request, Row
from apps.ops.redis_link import Link, link_to

logger = logging.getLogger(__name__)

SILENT_SECONDS = 10

_publisher: int | None = None


def figures() -> Figures:
    """Of the whole service: this machine now, and the others as they were lately."""
    total = STORE.figures()
    for other in _others():
        total.add(other)
    return total


def publish() -> None:
    """Tells the others how this machine stands, unless another process of it does that."""
    global _publisher
    link = _link()
    if link is None:
        return
    if STORE.folder is not None and _publisher is None:
        _publisher = STORE.hold("publisher")
        if _publisher is None:
            return
    packed = _packed(STORE.figures())
    try:
        link.client.set(_key(STORE.identity), packed, ex=SILENT_SECONDS)
        link.client.zadd(_key("machines"), {STORE.identity: time.time()})
    except (redis.RedisError, OSError) as error:
        link.failed(error)


def leave() -> None:
    """This machine stops: its figures end with it."""
    link = _link()
    if link is None:
        return
    try:
        link.client.delete(_key(STORE.identity))
        link.client.zrem(_key("machines"), STORE.identity)
    except (redis.RedisError, OSError) as error:
        link.failed(error)


def _others() -> list[Figures]:
    link = _link()
    if link is None:
        return []
    try:
        link.client.zremrangebyscore(_key("machines"), 0, time.time() - SILENT_SECONDS)
        names: Any = link.client.zrange(_key("machines"), 0, -1)
        keys = [_key(name.decode()) for name in names if name.decode() != STORE.identity]
        packed: Any = link.client.mget(keys) if keys else []
    except (redis.RedisError, OSError) as error:
        link.failed(error)
        return []
    return [_read(each) for each in packed if each]


def _packed(own: Figures) -> bytes:
    rows = {name: vars(row) for name, row in own.rows.items()}
    return zlib.compress(json.dumps({**vars(own), "rows": rows}).encode(), 1)


def _read(packed: bytes) -> Figures:
    found = json.loads(zlib.decompress(packed))
    found["rows"] = {name: Row(**row) for name, row in found["rows"].items()}
    found["latest"] = [Request(*each) for each in found["latest"]]
    return Figures(**found)


def _link() -> Link | None:
    # Also asked of by the hooks of a server that serves something else, a benchmark say.
    url = getattr(settings, "REDIS_URL", "")
    if not url:
        return None
    link = link_to(url)
    return link if link.up else None


def _key(name: str) -> str:
    """Two services may share a Redis; one service has one key and one database."""
    own = f"{settings.SECRET_KEY}|{settings.DATABASES['default']['NAME']}"
    prefix = settings.CACHES["default"]["KEY_PREFIX"]
    return f"{prefix}:figures:{hashlib.sha256(own.encode()).hexdigest()[:12]}:{name}"
