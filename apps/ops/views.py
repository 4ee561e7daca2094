"""The probes: is the process alive, may it get traffic, are its parts well."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from apps.ops import health, responses
from apps.ops.jobs.selectors import workers_report
from apps.ops.watchers import may_watch, watching


@watching
def live(request: HttpRequest) -> HttpResponse:
    """Touches nothing outside the process: a restart would not mend what lies there."""
    return responses.bare({"status": "alive"})


@watching
def ready(request: HttpRequest) -> HttpResponse:
    answer, is_ready = health.readiness()
    return _told(answer, well=is_ready)


@watching
def summary(request: HttpRequest) -> HttpResponse:
    answer, works = health.report(detailed=False, details=False)
    return _told(answer, well=works)


@watching
def detailed(request: HttpRequest) -> HttpResponse:
    """Everything for staff and the monitoring token, for others no more than what is well."""
    answer, works = health.report(detailed=True, details=may_watch(request))
    return _told(answer, well=works)


@watching
def workers(request: HttpRequest) -> HttpResponse:
    """Who does jobs, what waits and since when."""
    return responses.bare(workers_report())


def _told(answer: dict[str, Any], *, well: bool) -> HttpResponse:
    response = responses.bare(answer, status=200 if well else 503)
    # A no is no error of ours; the check that failed has been logged. Django's own mark.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
