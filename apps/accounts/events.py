"""HighLevel's messages about our app, one function each; registered when the app is ready.

Real ones omit documented fields: only what is used is looked at, and nothing of it is relied on.
"""

from __future__ import annotations

import uuid
from typing import Any

from apps.accounts import installs
from apps.accounts.agencies import agency_of, location_install
from apps.accounts.models import Connection
from apps.webhooks.registry import Event, on, unclaimed

HIGHLEVEL = "highlevel"


@on(HIGHLEVEL, "INSTALL")
def installed(event: Event) -> uuid.UUID | None:
    plan_id = _text(event.data.get("planId"))
    location_id, company_id = (
        _text(event.data.get("locationId")),
        _text(event.data.get("companyId")),
    )
    known = Connection.objects.filter(location_id=location_id)
    agency = agency_of(company_id) if location_id and company_id else None
    if agency is not None and not known.exists():
        return location_install(agency=agency, location_id=location_id).pk
    concerned = _concerned(event)
    for connection in concerned:
        installs.connection_installed(connection, at=event.created, plan_id=plan_id)
    return concerned[0].account_id


@on(HIGHLEVEL, "UNINSTALL")
def uninstalled(event: Event) -> uuid.UUID | None:
    concerned = _concerned(event)
    for connection in concerned:
        installs.connection_uninstalled(connection, at=event.created)
    return concerned[0].account_id


@on(HIGHLEVEL, "PLAN_CHANGE")
def plan_changed(event: Event) -> uuid.UUID | None:
    plan_id = _text(event.data.get("newPlanId")) or _text(event.data.get("planId"))
    concerned = _concerned(event)
    for connection in concerned:
        installs.connection_plan_changed(connection, at=event.created, plan_id=plan_id)
    return concerned[0].account_id


@on(HIGHLEVEL, "LocationUpdate")
def location_updated(event: Event) -> uuid.UUID | None:
    """The location itself stands at the top, so that its id is called ``id``."""
    location_id = _text(event.data.get("id")) or _text(event.data.get("locationId"))
    concerned = _found(location_id, "")
    name = " ".join(_text(event.data.get("name"), 200).split())
    installs.location_renamed(concerned[0], at=event.created, name=name)
    return concerned[0].account_id


def _concerned(event: Event) -> list[Connection]:
    return _found(_text(event.data.get("locationId")), _text(event.data.get("companyId")))


def _found(location_id: str, company_id: str) -> list[Connection]:
    """The connections it is about, locked; a message about nobody we know is set aside."""
    found = list(installs.connections_of(location_id=location_id, company_id=company_id))
    if not found:
        unclaimed(location_id or company_id)
    return found


def _text(found: Any, longest: int = 100) -> str:
    # No column takes a NUL, which JSON can spell.
    return found[:longest].replace("\0", "") if isinstance(found, str) else ""
