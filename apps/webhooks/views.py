"""Where other services write to us: no session, no CSRF token, no limit but the size."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from apps.ops import errors, responses
from apps.ops.errors import ApplicationError
from apps.webhooks import selectors, sources
from apps.webhooks.models import Delivery
from apps.webhooks.services import delivery_store

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    return _receive(request, Delivery.Source.STRIPE)


@csrf_exempt
@require_POST
def highlevel(request: HttpRequest) -> HttpResponse:
    return _receive(request, Delivery.Source.HIGHLEVEL)


@csrf_exempt
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    return responses.bare(selectors.inbox_health())


def _receive(request: HttpRequest, name: str) -> HttpResponse:
    """Stored and answered; whatever follows from it is a job's."""
    source = sources.source(name)
    try:
        message = source.read(_body(request, source.MAX_BYTES), request.headers)
    except ApplicationError as refused:
        logger.warning("a webhook of %s was refused: %s", name, refused)
        return errors.respond(refused)
    is_new = delivery_store(source=name, message=message)
    logger.info("webhook %s of %s %s", message.type, name, "stored" if is_new else "known already")
    return responses.bare({"received": True, "duplicate": not is_new})


def _body(request: HttpRequest, most: int) -> bytes:
    stream: Any = request
    try:
        body: bytes = stream.read(most + 1)
        if len(body) <= most:
            return body
        # Read to its end, which the middleware has bounded, so that the sender sees the answer.
        while stream.read(65536):
            pass
    except UnreadablePostError as gone:
        raise ApplicationError("validation_error", "The body ended too early.") from gone
    size = f"{most // 1024} KB" if most < 1024 * 1024 else f"{most // 1024 // 1024} MB"
    raise ApplicationError("payload_too_large", f"The body is larger than {size}.")
