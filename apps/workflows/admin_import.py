"""Staff import workflows for an account: the same service as the account's own uploads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts.models import Account
from apps.ops.audit import audit_record
from apps.ops.errors import ApplicationError
from apps.workflows.platforms.loading import documents
from apps.workflows.services import Imported, workflow_import

TITLE = "Import workflows"
PERMISSION = "workflows.add_workflow"


class ImportForm(forms.Form):
    """The id and not a list to choose from: there may be many thousand accounts."""

    account = forms.UUIDField(label="Account's id")
    file = forms.FileField()
    reason = forms.CharField(max_length=500, label="Why?")

    def clean_account(self) -> Account:
        account = Account.objects.filter(pk=self.cleaned_data["account"]).first()
        if account is None:
            raise forms.ValidationError("There is no account with this id.")
        return account


def import_page(request: HttpRequest, model_admin: ModelAdmin[Any]) -> HttpResponse:
    """The form, and below it what its last use did."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    form, done = ImportForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            done = _import(request, form.cleaned_data)
        except ApplicationError as refused:
            form.add_error("file", refused.message)
    told = {
        **model_admin.admin_site.each_context(request),
        "title": TITLE,
        "form": form,
        "done": done,
    }
    return render(request, "staff/import.html", told)


def _import(request: HttpRequest, said: dict[str, Any]) -> Imported:
    actor = request.user
    assert isinstance(actor, Model)  # noqa: S101 - the site lets nobody else in
    account, file = said["account"], said["file"]
    found = documents(file.read(), file.name)
    with transaction.atomic():
        audit_record(actor=actor, action="import", target=account, reason=said["reason"])
        return workflow_import(account=account, documents=found, user=actor)
