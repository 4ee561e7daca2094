"""When to tell a person, once, and once more when it is over.

    @alert("queue-age", about="A job has waited too long")
    def queue_age() -> str | None: ...

A condition answers what is wrong in one sentence with its figures, or None. Apps declare theirs in
a module that their `AppConfig.ready` imports.
"""

from apps.ops.alerts.registry import alert

__all__ = ["alert"]
