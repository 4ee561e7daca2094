"""Routes that exist only for the tests: one for each way in which a layer can fail."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.http import require_POST
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.ops.errors import ApplicationError


class UnexpectedError(Exception):
    """Named for the test that looks for it in an answer."""


FAULTS: dict[str, Exception] = {
    "unknown": UnexpectedError("SELECT password FROM users at /srv/app.py"),
    "missing": Http404("no such row"),
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation(),
    "database": OperationalError("connection refused at 10.0.0.5"),
    "conflict": ApplicationError("conflict", "It changed meanwhile."),
    "upstream": ApplicationError("upstream_unavailable", "HighLevel does not answer."),
}


def plain(request: HttpRequest, fault: str) -> HttpResponse:
    raise FAULTS[fault]


@api_view(["GET", "POST"])
@permission_classes([AllowAny])
def rest(request: Request, fault: str) -> Response:
    raise FAULTS[fault]


@api_view(["POST"])
@permission_classes([AllowAny])
def echo(request: Request) -> Response:
    return Response(request.data)


@api_view(["GET"])
@permission_classes([AllowAny])
def moment(request: Request) -> Response:
    return Response({"at": timezone.now(), "lone": "\ud800", "version": request.version})


@api_view(["DELETE"])
@permission_classes([AllowAny])
def gone(request: Request) -> Response:
    return Response(status=204)


@api_view(["GET"])
@permission_classes([AllowAny])
def teapot(request: Request) -> Response:
    return Response({"secret": "shape"}, status=409)


@api_view(["GET", "POST"])
def closed(request: Request) -> Response:
    return Response({})


class _Node(serializers.Serializer[Any]):
    id = serializers.CharField()


class _Body(serializers.Serializer[Any]):
    nodes = _Node(many=True)
    name = serializers.CharField()


@api_view(["POST"])
@permission_classes([AllowAny])
def validated(request: Request) -> Response:
    body = _Body(data=request.data)
    body.is_valid(raise_exception=True)
    return Response({})


class _Person(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("email",)


class People(ListAPIView[User]):
    queryset = User.objects.order_by("email")
    serializer_class = _Person
    permission_classes = (AllowAny,)


@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("", include("config.urls")),
    path("plain/<str:fault>", plain),
    path("api/rest/<str:fault>", rest),
    path("api/echo", echo),
    path("api/moment", moment),
    path("api/gone", gone),
    path("api/teapot", teapot),
    path("api/closed", closed),
    path("api/validated", validated),
    path("api/people", People.as_view()),
    path("only-post", only_post),
]

handler400 = "apps.ops.errors.bad_request"
handler403 = "apps.ops.errors.permission_denied"
handler404 = "apps.ops.errors.not_found"
handler500 = "apps.ops.errors.server_error"
