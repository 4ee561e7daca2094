"""Cookies of sessions travel over https only, and scripts cannot read them."""

from __future__ import annotations

from django.conf import settings

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.HIGH
WANTED = {
    "SESSION_COOKIE_SECURE": (True,),
    "SESSION_COOKIE_HTTPONLY": (True,),
    "SESSION_COOKIE_SAMESITE": ("Lax", "Strict"),
    "CSRF_COOKIE_SECURE": (True,),
    "CSRF_COOKIE_SAMESITE": ("Lax", "Strict"),
}


def check(target: Target) -> Verdict:
    wrong = [name for name, good in WANTED.items() if getattr(settings, name) not in good]
    if wrong:
        return failed(f"Weak: {', '.join(wrong)}.", "Turn debug off, or mend config/settings.py.")
    return passed("Session and CSRF cookies are Secure and SameSite; the session is HttpOnly.")
