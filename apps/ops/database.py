"""What is done about a database that goes away: told once, watched, and asked again.

Connections are kept by each thread for a minute and tested before a request uses them; the
backend in `apps.ops.postgresql` asks again when a connection is lost. `retried` does the same for
a whole service that may safely run twice.
"""

import functools
import logging
import random
import time
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

# Seconds before the second, third and fourth try: below a second in all.
PAUSES = (0.1, 0.25, 0.5)
# The server is shutting down, has crashed, or is not ready yet.
_GONE = frozenset({"57P01", "57P02", "57P03"})

_answers = True


def pauses() -> Iterator[float]:
    """How long to wait before each further try; no two callers come back in step."""
    return (pause * random.uniform(0.8, 1.0) for pause in PAUSES)  # noqa: S311


def is_lost(error: BaseException) -> bool:
    """Whether the connection, and not the statement, is what failed."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    if state in _GONE:
        return True
    # Without a state the server has not spoken: refused, cut off, or closed on our side.
    return state is None and connection.vendor == "postgresql"


def retried(service: Callable[P, T]) -> Callable[P, T]:
    """For services that may run twice without harm: again, when the connection was lost.

    Not inside a transaction, which is lost with the connection.
    """

    @functools.wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for pause in pauses():
            try:
                return service(*args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                if not is_lost(error) or connection.in_atomic_block:
                    raise
            connection.close()
            time.sleep(pause)
        return service(*args, **kwargs)

    return run


def watch() -> None:
    """Says once that the database has gone, and once that it is back."""
    global _answers
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        answers = True
    except (OperationalError, InterfaceError) as error:
        answers = False
        if _answers:
            logger.error("the database does not answer", exc_info=error)
    finally:
        connection.close()
    if answers and not _answers:
        logger.warning("the database answers again")
    _answers = answers
