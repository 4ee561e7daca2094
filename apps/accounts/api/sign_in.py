"""Signing in and out, and how matters stand."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import SESSION_KEY, HasAccount, account_of, membership_of, user_of
from apps.accounts.api.serializers import PasswordSerializer, SignInStatusSerializer
from apps.accounts.api.wire import status_row
from apps.accounts.connections import connection_refresh, highlevel_connection
from apps.accounts.models import Membership, User
from apps.accounts.oauth import highlevel
from apps.accounts.oauth.sign_in import Visitor, highlevel_sign_in
from apps.accounts.oauth.states import state_issue, state_use
from apps.ops.authentication import SessionAuthentication
from apps.ops.errors import ApplicationError
from apps.ops.responses import AnyAccepted

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_LONGEST_CODE = 2000


class BrowserView(APIView):
    """For browsers alone: a token cannot start or end a session."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [AllowAny]
    extra_failures: tuple[int, ...] = ()


@method_decorator(never_cache, "dispatch")
class LoginView(BrowserView):
    content_negotiation_class = AnyAccepted
    extra_failures = (404,)

    @extend_schema(
        operation_id="auth_login",
        responses={302: OpenApiResponse(description="To HighLevel's page.")},
    )
    def get(self, request: Request) -> HttpResponse:
        """Go to HighLevel's authorisation page."""
        _require_highlevel()
        url = highlevel.authorize_url(
            state_issue(request.session), redirect_uri=_redirect_uri(request)
        )
        return HttpResponseRedirect(url)


@method_decorator(never_cache, "dispatch")
class CallbackView(BrowserView):
    content_negotiation_class = AnyAccepted
    extra_failures = (400, 502)

    @extend_schema(
        operation_id="auth_callback",
        parameters=[OpenApiParameter("state"), OpenApiParameter("code"), OpenApiParameter("error")],
        responses={302: OpenApiResponse(description="To the frontend, signed in.")},
    )
    def get(self, request: Request) -> HttpResponse:
        """Where HighLevel sends people back; `state` is checked before anything else."""
        state_use(request.session, request.query_params.get("state", ""))
        home = settings.FRONTEND_URL or "/"
        code = request.query_params.get("code", "")
        if not code and request.query_params.get("error"):
            # They did not agree, which is no failure of anybody's.
            return HttpResponseRedirect(f"{home}?{urlencode({'error': 'access_denied'})}")
        if not 0 < len(code) <= _LONGEST_CODE:
            raise ApplicationError("validation_error", "HighLevel sent no code; start again.")
        membership = highlevel_sign_in(
            code=code, redirect_uri=_redirect_uri(request), visitor=_visitor(request)
        )
        _sign_in(request, membership.user)
        request.session[SESSION_KEY] = str(membership.account_id)
        return HttpResponseRedirect(home)


@method_decorator(never_cache, "dispatch")
@method_decorator(ensure_csrf_cookie, "dispatch")
class StatusView(APIView):
    permission_classes = [AllowAny]

    def perform_authentication(self, request: Request) -> None:
        """A token that is no longer good is an answer here, too: not signed in."""

    @extend_schema(operation_id="auth_status", responses={200: SignInStatusSerializer})
    def get(self, request: Request) -> Response:
        """Who is signed in, where and how connected; sets the `csrftoken` cookie."""
        try:
            user = request.user
        except APIException:
            return Response(status_row(None, None))
        if not isinstance(user, User):
            return Response(status_row(None, None))
        return Response(status_row(user, membership_of(request)))


@method_decorator(never_cache, "dispatch")
class PasswordView(BrowserView):
    extra_failures = (401, 403)

    def perform_authentication(self, request: Request) -> None:
        # Also of those who are not signed in yet: nobody shall be signed in as somebody else.
        SessionAuthentication().enforce_csrf(request)
        super().perform_authentication(request)

    @extend_schema(
        operation_id="auth_password",
        request=PasswordSerializer,
        responses={200: SignInStatusSerializer},
    )
    def post(self, request: Request) -> Response:
        """Sign in with e-mail and password; send `X-CSRFToken`."""
        sent = PasswordSerializer.read(request.data)
        user = authenticate(
            request._request, username=sent["email"].strip(), password=sent["password"]
        )
        if not isinstance(user, User):
            raise ApplicationError(
                "not_authenticated",
                "The e-mail address or the password is wrong.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        _sign_in(request, user)
        membership = Membership.objects.select_related("account").filter(user=user)
        return Response(status_row(user, membership.order_by("created_at", "pk").first()))


@method_decorator(never_cache, "dispatch")
class LogoutView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="auth_logout", request=None, responses={200: SignInStatusSerializer}
    )
    def post(self, request: Request) -> Response:
        """End the session."""
        logout(request._request)
        return Response(status_row(None, None))


@method_decorator(never_cache, "dispatch")
class RefreshView(APIView):
    permission_classes = [HasAccount]
    extra_failures = (409, 502)

    @extend_schema(
        operation_id="auth_refresh", request=None, responses={200: SignInStatusSerializer}
    )
    def post(self, request: Request) -> Response:
        """Rotate HighLevel's tokens; as often and as many at once as you like."""
        connection = highlevel_connection(account_of(request))
        if connection is None:
            raise ApplicationError(
                "conflict", "This account has no HighLevel connection; sign in at /auth/login."
            )
        connection_refresh(connection.pk)
        return Response(status_row(user_of(request), membership_of(request)))


def _require_highlevel() -> None:
    if not highlevel.is_configured():
        message = "Sign-in with HighLevel is not set up on this service; use e-mail and password."
        raise ApplicationError("not_found", message)


def _redirect_uri(request: Request) -> str:
    """The callback's address; HighLevel knows which ones are ours and refuses all others."""
    configured: str = settings.ENVIRONMENT.highlevel_redirect_uri
    return configured or request.build_absolute_uri("/auth/callback")


def _visitor(request: Request) -> Visitor | None:
    if not isinstance(request.user, User):
        return None
    membership = membership_of(request)
    return Visitor(request.user, membership.account if membership else None)


def _sign_in(request: Request, user: User) -> None:
    """A new session key and CSRF token: what was known before the sign-in is worth nothing."""
    if not user.is_active:
        raise NotAuthenticated
    login(request._request, user, backend=_BACKEND)
