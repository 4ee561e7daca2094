"""How long a thread of the web server waits for a client that stopped in the middle.

Gunicorn's threads wait for ever, for headers as for a body, so that a few dozen half-sent
requests would occupy them all.
"""

import contextlib
import errno
from typing import Any

from gunicorn.http.unreader import SocketUnreader

# Between two packets of a request.
RECEIVE_SECONDS = 10.0
# For the whole of an answer.
SEND_SECONDS = 60.0

_receive = SocketUnreader.chunk


def _chunk(self: Any, *hint: Any) -> bytes:
    """As a client that went away: gunicorn closes without a word, a body is told as not whole."""
    try:
        self.sock.settimeout(RECEIVE_SECONDS)
        return bytes(_receive(self, *hint))
    except TimeoutError:
        raise ConnectionResetError(errno.ECONNRESET, "the client stopped sending") from None
    finally:
        with contextlib.suppress(OSError):
            self.sock.settimeout(SEND_SECONDS)


def install() -> None:
    SocketUnreader.chunk = _chunk
