"""One log event for everything that went wrong, wherever it did, and the hooks that see the rest.

An *operational* failure is one we count on (a database that is away, an upstream that refuses);
any other exception is a *programming* one: a fault of ours that somebody has to mend.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

logger = logging.getLogger(__name__)

OPERATIONAL, PROGRAMMING = "operational", "programming"


def report(error: BaseException, *, kind: str, where: str, **fields: Any) -> None:
    """Logs it once, with what the running request or job is (see `context`) and its own fields."""
    logger.error(
        "%s failure in %s: %s",
        kind,
        where,
        type(error).__name__,
        exc_info=error,
        extra={"kind": kind, "errorType": type(error).__name__, **fields},
    )


def report_request(
    error: BaseException, request: HttpRequest | None, *, kind: str, code: str
) -> None:
    fields = request_fields(request) if request is not None else {}
    report(error, kind=kind, where="a request", code=code, **fields)


def request_fields(request: HttpRequest) -> dict[str, str]:
    """Route and user as far as they are known; asks no database, which may be what failed."""
    match = request.resolver_match
    fields = {"method": str(request.method), "route": match.route if match else "(none)"}
    # Django keeps the user here once somebody has asked for it.
    user = getattr(request, "_cached_user", None)
    if isinstance(request, WSGIRequest) and user is not None and user.is_authenticated:
        fields["user"] = str(user.pk)
    return fields


def install_hooks() -> None:
    """Uncaught exceptions of the process, of its threads and of Celery become log events."""
    from celery.signals import task_failure, task_internal_error

    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    task_failure.connect(_uncaught_in_task, dispatch_uid="ops.failures")
    task_internal_error.connect(_uncaught_in_task, dispatch_uid="ops.failures.internal")


def _uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    # Whoever read our output has had enough: `… | head`.
    if issubclass(kind, BrokenPipeError):
        return
    # A person at a terminal reads the traceback better as it is.
    if issubclass(kind, KeyboardInterrupt) or sys.stderr.isatty():
        sys.__excepthook__(kind, error, traceback)
    else:
        report(error.with_traceback(traceback), kind=PROGRAMMING, where="the process")


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        name = args.thread.name if args.thread else ""
        report(args.exc_value, kind=PROGRAMMING, where="a thread", endedThread=name)


def _uncaught_in_task(
    sender: Any = None, task_id: str = "", exception: BaseException | None = None, **_: Any
) -> None:
    if exception is not None:
        task = str(getattr(sender, "name", ""))
        report(exception, kind=PROGRAMMING, where="a task", task=task, taskId=task_id)
