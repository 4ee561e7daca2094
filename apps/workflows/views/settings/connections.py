"""The platforms an account is connected to: an n8n instance by its key, reading them anew."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from rest_framework.exceptions import ValidationError

from apps.accounts.api.serializers import NewConnectionSerializer
from apps.accounts.connections import connections_for
from apps.accounts.models import Membership
from apps.accounts.n8n import instance_address, instance_connect
from apps.ops.errors import ApplicationError, translate
from apps.workflows.services import sync_request
from apps.workflows.views.doors import account_page, refused, sent
from apps.workflows.views.settings.account import HERE, page, require_owner


@sensitive_post_parameters("key")
@require_POST
@account_page
def connect(request: HttpRequest, me: Membership) -> HttpResponse:
    """Keeps an n8n instance once it let us in with the key."""
    try:
        require_owner(me)
        body = {
            "provider": "n8n",
            "baseUrl": sent(request, "address"),
            "apiKey": sent(request, "key", 5000),
        }
        said = NewConnectionSerializer.read(body)
        address = instance_address(said["baseUrl"])
        instance_connect(account=me.account, address=address, key=said["apiKey"])
    except ValidationError as wrong:
        told = translate(wrong) or ApplicationError("validation_error")
        return page(request, me, refused(request, told), told.status)
    except ApplicationError as wrong:
        # What the instance answered is for the person on the form, whatever the status.
        return page(request, me, wrong.message, wrong.status)
    messages.success(request, "The instance is connected.")
    return HttpResponseRedirect(HERE)


@require_POST
@account_page
def forget(request: HttpRequest, me: Membership, connection: UUID) -> HttpResponse:
    """Its keys go; what was fetched by it stays."""
    found = connections_for(me.account).filter(pk=connection).first()
    if found is None:
        raise Http404
    require_owner(me)
    found.delete()
    messages.success(request, "The connection is forgotten; what it brought in stays.")
    return HttpResponseRedirect(HERE)


@require_POST
@account_page
def sync(request: HttpRequest, me: Membership) -> HttpResponse:
    sync_request(account=me.account)
    messages.success(request, "The platforms are being read. Reload in a moment to see what came.")
    return HttpResponseRedirect("/workflows")
