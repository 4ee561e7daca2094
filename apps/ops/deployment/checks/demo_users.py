"""Nobody with a password from the manual can sign in."""

from __future__ import annotations

from django.contrib.auth import get_user_model

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed, warned

SEVERITY = Severity.CRITICAL


def check(target: Target) -> Verdict:
    users = get_user_model().objects.filter(email__iendswith="@demo.test", is_active=True)
    if users.filter(is_staff=True).exists():
        return failed(
            "The demo's staff user admin@demo.test can sign in.",
            "Deactivate the users of create_demo, or do not run it here.",
        )
    if users.exists():
        return warned("Demo users can sign in.", "Deactivate the users of create_demo.")
    return passed("There are no demo users.")
