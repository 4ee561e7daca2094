"""What staff do to rows: through a service, with a reason, and with an entry in the trail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.ops.audit import audit_record
from apps.ops.errors import ApplicationError

#: Rows at once; each is a transaction of its own.
MOST = 100
Act = Callable[[Any], object]


def with_reason(
    description: str, *, name: str, permission: str, act: Act, atomic: bool = True
) -> Callable[..., Any]:
    """An action of the list that first asks why, and then does `act` row by row.

    Act and entry in the trail are one transaction. Not `atomic` is what calls another service:
    what that has done cannot be taken back, so the entry says that it was tried.

    `permission` is checked before anything is shown: ledgers grant none to change, and what may
    be looked at may not be acted upon by everyone.
    """

    def action(
        model_admin: admin.ModelAdmin[Any], request: HttpRequest, rows: QuerySet[Any]
    ) -> HttpResponse | None:
        if not request.user.has_perm(permission):
            messages.error(request, "You may not do this.")
            return None
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return _ask(model_admin, request, rows, description, name)
        done = [_acted(request, row, reason, name, act, atomic) for row in rows[:MOST]]
        level = messages.SUCCESS if all(done) else messages.WARNING
        messages.add_message(request, level, f"{description}: {sum(done)} of {len(done)}.")
        return None

    action.__name__ = name.replace("-", "_")
    decorated: Callable[..., Any] = admin.action(description=description)(action)
    return decorated


def _acted(
    request: HttpRequest, row: Model, reason: str, name: str, act: Act, atomic: bool
) -> bool:
    actor = request.user
    assert isinstance(actor, Model)  # noqa: S101 - the site lets nobody else in
    try:
        with transaction.atomic() if atomic else nullcontext():
            audit_record(actor=actor, action=name, target=row, reason=reason)
            act(row)
    except ApplicationError as refused:
        messages.error(request, f"{row}: {refused.message}")
        return False
    return True


def _ask(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    description: str,
    name: str,
) -> HttpResponse:
    told = {
        **model_admin.admin_site.each_context(request),
        "title": description,
        "rows": rows[:MOST],
        "action": name.replace("-", "_"),
        "asked": "reason" in request.POST,
        "opts": model_admin.model._meta,
    }
    return render(request, "staff/reason.html", told)
