"""The probes: is the process alive, and may it get traffic.

They change nothing, so a POST is told 405 and not that it lacks a CSRF token.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.ops import health, responses


@csrf_exempt
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Touches nothing outside the process: a restart would not mend what lies there."""
    return responses.bare({"status": "alive"})


@csrf_exempt
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    answer, is_ready = health.readiness()
    return responses.bare(answer, status=200 if is_ready else 503)
