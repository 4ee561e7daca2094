"""The paths of the inbox."""

from django.urls import path

from apps.webhooks import views

urlpatterns = [
    path("webhooks/stripe", views.stripe, name="webhooks-stripe"),
    path("webhooks/ghl", views.highlevel, name="webhooks-highlevel"),
    path("webhooks/health", views.health, name="webhooks-health"),
]
