"""The paths of the probes and of monitoring."""

from django.urls import path

from apps.ops import monitoring, views
from apps.ops.notifications import views as mail_views

urlpatterns = [
    path("live", views.live, name="live"),
    path("health/liveness", views.live),
    path("api/health/live", views.live),
    path("ready", views.ready, name="ready"),
    path("health/readiness", views.ready),
    path("api/health/ready", views.ready),
    path("health", views.summary),
    path("health/detailed", views.detailed),
    path("api/health/detailed", views.detailed),
    path("health/workers", views.workers),
    path("email/unsubscribe/<str:token>", mail_views.unsubscribe),
    path("email/events", mail_views.events),
    path("health/metrics", monitoring.totals),
    path("metrics", monitoring.prometheus),
    path("api/monitoring/performance", monitoring.performance),
    path("api/monitoring/endpoints", monitoring.endpoints),
    path("api/monitoring/redis", monitoring.redis_state),
]
