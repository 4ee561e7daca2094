"""Celery's Redis transport, which survives the loss of its Redis.

A worker that loses the connection still acknowledges and gives back messages on the old channel.
The library then fails over an attribute of nothing, which ends the whole worker; as an error of
the connection it is expected, and the worker connects anew.
"""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as Lost


class Channel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> Any:
        if getattr(self.connection, "client", None) is None:
            raise Lost("the channel is closed")
        return super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]


class Transport(redis.Transport):
    Channel = Channel
