"""A Redis connection that gives up at once; its failures are OSErrors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS = 2


@contextmanager
def connected(url: str) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(
        url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Retry(NoBackoff(), 0)
    )
    try:
        yield client
    except redis.RedisError as wrong:
        raise ConnectionError(str(wrong)) from wrong
    finally:
        client.close()
