"""The paths of the probes."""

from django.urls import path

from apps.ops import views

urlpatterns = [
    path("live", views.live, name="live"),
    path("health/liveness", views.live),
    path("api/health/live", views.live),
    path("ready", views.ready, name="ready"),
    path("health/readiness", views.ready),
    path("api/health/ready", views.ready),
]
