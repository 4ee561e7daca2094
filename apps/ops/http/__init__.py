"""The one door through which this service calls others.

Every call has a deadline, goes only where it may, is repeated only when that is safe, keeps to
the provider's rate limit, and gives up at once while the provider is down. What goes wrong is an
``ApplicationError``: ``upstream_auth`` (401, 403), ``upstream_rate_limited`` (429),
``upstream_unavailable`` (no answer, 5xx, or an answer that makes no sense), or
``validation_error`` for an address where calls must not go.
"""

from apps.ops.http.addresses import AddressRefusedError, Reach, refuse_address
from apps.ops.http.door import Answer, Provider, bad_answer, send

__all__ = [
    "AddressRefusedError",
    "Answer",
    "Provider",
    "Reach",
    "bad_answer",
    "refuse_address",
    "send",
]
