"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path

from apps.workflows.views import sign_in, start

urlpatterns = [
    path("", start.start, name="start"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out),
]
