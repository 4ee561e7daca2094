"""How a page is entered and shown: who may, in which account, and what every page needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core import paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.access import membership_of
from apps.accounts.models import Membership
from apps.ops.errors import ApplicationError, translate
from apps.ops.pages import PageResponse, failure_words, wants_page

Rest = ParamSpec("Rest")
SAFE = ("GET", "HEAD", "OPTIONS")
SIGN_IN = "/sign-in"


Page = Callable[Concatenate[HttpRequest, Membership, Rest], HttpResponse]
Entered = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def account_page(view: Page[Rest]) -> Entered[Rest]:
    """For members of an account; what changes something of it is not for viewers."""
    return _door(view, viewers_write=False)


def personal_page(view: Page[Rest]) -> Entered[Rest]:
    """For members of an account; what it changes is the person's own affair, a viewer's too."""
    return _door(view, viewers_write=True)


def _door(view: Page[Rest], *, viewers_write: bool) -> Entered[Rest]:
    @wraps(view)
    def door(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        me = membership_of(request)
        if me is None:
            message = "You are signed in, but belong to no account yet; ask an owner to invite you."
            raise ApplicationError("permission_denied", message)
        if request.method not in SAFE and not (me.may_write or viewers_write):
            raise ApplicationError("permission_denied")
        try:
            return view(request, me, *args, **kwargs)
        except (ApplicationError, Http404) as wrong:
            return _refusal(request, wrong)

    return door


def _refusal(request: HttpRequest, wrong: Exception) -> HttpResponse:
    """A page that keeps the way about the account; what is no refusal goes on to be logged."""
    told = translate(wrong)
    if told is None or told.status >= 500 or not wants_page(request):
        raise wrong
    page = show(request, "failure", failure_words(told), status=told.status)
    for name, value in told.headers.items():
        page[name] = value
    return page


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A person is led to the sign-in page and back; a program is told."""
    if not wants_page(request):
        raise ApplicationError("not_authenticated")
    back = {"next": request.get_full_path()} if request.method in SAFE else {}
    return HttpResponseRedirect(f"{SIGN_IN}?{urlencode(back)}" if back else SIGN_IN)


def show(
    request: HttpRequest,
    template: str,
    shown: Mapping[str, Any],
    *,
    area: str = "",
    status: int = 200,
) -> PageResponse:
    """A page with what every page needs: who looks at it and where it stands."""
    me = membership_of(request) if request.user.is_authenticated else None
    frame = {"me": me, "may_write": bool(me and me.may_write), "area": area}
    page = PageResponse(
        render_to_string(f"pages/{template}.html", {**frame, **shown}, request), status=status
    )
    if me:
        # Nothing of an account stays behind in a browser that others use.
        page["Cache-Control"] = "no-store"
    return page


def refused(request: HttpRequest, error: ApplicationError) -> str:
    """The sentence a form shows for a failure; a program gets the failure itself."""
    if not wants_page(request) or error.status >= 500:
        raise error
    return error.message


def sent(request: HttpRequest, name: str, most: int = 500) -> str:
    """A field of the form as text that can be stored: trimmed, without NUL, not endless."""
    return request.POST.get(name, "").replace("\x00", "").strip()[:most]


def page_of(
    request: HttpRequest, found: QuerySet[Any] | Sequence[Any], size: int = 20
) -> paginator.Page[Any]:
    """The page the address asks for; a number that makes no sense is the first or the last."""
    return paginator.Paginator(found, size).get_page(request.GET.get("page"))


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where to go on: a page of ours that the form or the address names, else the other."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and ours else otherwise
