"""An analysis in every format, beside another one, and behind a link for anybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.access import HasAccount, account_of, user_of
from apps.accounts.models import Account
from apps.billing.entitlements import entitlements
from apps.ops.errors import ApplicationError
from apps.workflows.api.report_serializers import (
    FORMATS,
    ComparisonQuerySerializer,
    ComparisonSerializer,
    ReportQuerySerializer,
    ShareLinkSerializer,
    ShareSerializer,
)
from apps.workflows.models import Analysis
from apps.workflows.reports import html, report, svg
from apps.workflows.selectors import (
    analyses_for,
    comparison_of,
    run_of,
    share_link_find,
)
from apps.workflows.services import share_link_create, share_links_revoke

_ENDINGS = {"markdown": "md", "sarif": "sarif.json"}
_POLICIES: dict[str, Callable[[], str]] = {
    "html": html.content_policy,
    "svg": svg.content_policy,
}
#: What a browser shows; the rest is for keeping.
_SHOWN = ("html", "svg")


def analysis_of(account: Account, pk: UUID) -> Analysis:
    """One of the account's analyses with its definition."""
    found = analyses_for(account).select_related("workflow", "version__workflow")
    analysis = found.filter(pk=pk).first()
    if analysis is None:
        raise ApplicationError("not_found", "There is no analysis with this id.")
    return analysis


class _Chosen(BaseRenderer):
    """Stands for the type the caller asked for; the view writes the body itself."""

    charset = None
    format = "report"

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type

    def render(self, data: Any, *_more: Any, **_named: Any) -> Any:
        return data


class ReportView(APIView):
    permission_classes = [HasAccount]
    extra_failures = (400,)
    #: The answer is a file, not data in the envelope.
    enveloped = False

    def get_renderers(self) -> list[BaseRenderer]:
        # The schema's generator asks without a request.
        request: Request | None = getattr(self, "request", None)
        chosen = request.GET.get("format", "json") if request is not None else "json"
        own = report(chosen).CONTENT_TYPE if chosen in FORMATS else "application/json"
        return [_Chosen(own), _Chosen("application/json")]

    @extend_schema(
        operation_id="analysis_report",
        parameters=[ReportQuerySerializer],
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "application/sarif+json"): OpenApiTypes.OBJECT,
            (200, "text/html"): OpenApiTypes.STR,
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "image/svg+xml"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The analysis as a file: HTML, JSON (as the command line writes it), SARIF, Markdown, CSV
        or the picture as SVG."""
        chosen = ReportQuerySerializer.read(request.query_params)["format"]
        account = account_of(request)
        return report_answer(analysis_of(account, pk), account, chosen)


def report_answer(analysis: Analysis, account: Account, chosen: str) -> HttpResponse:
    """The report as the account's plan shows it."""
    module = report(chosen)
    answer = HttpResponse(
        module.render(run_of(analysis, entitlements(account))), content_type=_typed(module)
    )
    place = "inline" if chosen in _SHOWN else "attachment"
    name = file_name(analysis.result["workflow"]["name"], chosen)
    answer["Content-Disposition"] = f'{place}; filename="{name}"'
    if chosen in _POLICIES:
        answer["Content-Security-Policy"] = _POLICIES[chosen]() + "; frame-ancestors 'none'"
    return answer


def _typed(module: Any) -> str:
    kind: str = module.CONTENT_TYPE
    return kind if "json" in kind else f"{kind}; charset=utf-8"


def file_name(workflow: str, chosen: str) -> str:
    """A name that any file system and any header takes."""
    plain = re.sub(r"[^a-z0-9]+", "-", workflow.lower()).strip("-")[:60].rstrip("-")
    return f"{plain or 'workflow'}-report.{_ENDINGS.get(chosen, chosen)}"


class CompareView(APIView):
    permission_classes = [HasAccount]
    extra_failures = (400,)

    @extend_schema(
        operation_id="analysis_compare",
        parameters=[ComparisonQuerySerializer],
        responses={200: ComparisonSerializer},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """What is new, fixed and unchanged since the analysis that `with` names, and what moved
        the score. Any two analyses of the account can be compared; `sameWorkflow` says whether
        they are about one workflow."""
        before = ComparisonQuerySerializer.read(request.query_params)["with"]
        account = account_of(request)
        after = analysis_of(account, pk)
        earlier = analysis_of(account, before)
        return Response(comparison_of(earlier, after, entitlements(account)))


class ShareView(APIView):
    permission_classes = [HasAccount]
    extra_failures = {"POST": (402,)}

    @extend_schema(
        operation_id="analysis_share",
        request=ShareSerializer,
        responses={201: ShareLinkSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Make a link by which anybody may read this report until it expires or is revoked. The
        token is shown only this once."""
        account = account_of(request)
        analysis = analysis_of(account, pk)
        sent = ShareSerializer.read(request.data)
        link, token = share_link_create(
            account=account,
            analysis=analysis,
            user=user_of(request),
            days=sent["expiresInDays"],
        )
        url = request.build_absolute_uri(f"/share/{token}")
        return Response({"url": url, "token": token, "expiresAt": link.expires_at}, status=201)

    @extend_schema(operation_id="analysis_share_revoke", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Revoke every link to this report."""
        share_links_revoke(analysis=analysis_of(account_of(request), pk))
        return Response(status=204)


@never_cache
@require_safe
def shared_report(request: HttpRequest, token: str) -> HttpResponse:
    """The report behind a link, for whoever has it; search engines are told to leave it out."""
    link = share_link_find(token)
    if link is None:
        raise Http404
    answer = report_answer(link.analysis, link.account, "html")
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
