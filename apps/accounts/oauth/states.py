"""The ``state`` of a sign-in: made for one browser, good once and for ten minutes."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from apps.accounts.models import SignInState
from apps.ops.errors import ApplicationError

LIFETIME = datetime.timedelta(minutes=10)
#: Where a session keeps what its states are bound to.
_SESSION_KEY = "sign_in_binding"


def state_issue(session: SessionBase) -> str:
    """A new state for this session."""
    SignInState.objects.filter(created_at__lt=timezone.now() - LIFETIME).delete()
    binding = session.get(_SESSION_KEY) or secrets.token_urlsafe(32)
    session[_SESSION_KEY] = binding
    state = secrets.token_urlsafe(32)
    SignInState.objects.create(digest=_digest(state), binding=_digest(binding))
    return state


def state_use(session: SessionBase, state: str) -> None:
    """Use a state up. Raises ``validation_error`` unless it was this session's and still good."""
    binding = session.get(_SESSION_KEY, "")
    used, _ = SignInState.objects.filter(
        digest=_digest(state),
        binding=_digest(binding),
        created_at__gte=timezone.now() - LIFETIME,
    ).delete()
    if not binding or used != 1:
        message = "This sign-in was not started here, or it is too old; start again at /auth/login."
        detail = {"field": "state", "code": "invalid", "message": message}
        raise ApplicationError("validation_error", message, details=[detail])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
