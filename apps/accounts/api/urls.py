"""The paths of signing in, tokens and connections."""

from django.urls import path

from apps.accounts.api import connections, sign_in, tokens

urlpatterns = [
    path("auth/login", sign_in.LoginView.as_view()),
    path("auth/callback", sign_in.CallbackView.as_view()),
    path("auth/status", sign_in.StatusView.as_view()),
    path("auth/password", sign_in.PasswordView.as_view()),
    path("auth/logout", sign_in.LogoutView.as_view()),
    path("auth/refresh", sign_in.RefreshView.as_view()),
    path("auth/tokens", tokens.TokensView.as_view()),
    path("auth/tokens/<uuid:pk>", tokens.TokenView.as_view()),
    path("api/connections", connections.ConnectionsView.as_view()),
    path("api/connections/<uuid:pk>", connections.ConnectionView.as_view()),
]
