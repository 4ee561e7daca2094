"""The paths of the subscription."""

from django.urls import path

from apps.billing.api import views

urlpatterns = [
    path("api/subscription/status", views.StatusView.as_view()),
    path("api/subscription/checkout", views.CheckoutView.as_view()),
    path("api/subscription/portal", views.PortalView.as_view()),
    path("api/subscription/cancel", views.CancelView.as_view()),
]
