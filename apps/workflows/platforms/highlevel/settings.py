"""Reads what a workflow as a whole is set to, under the names that exports use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.graph import Settings
from apps.workflows.platforms.highlevel.values import first_of_type, mapping

_REENTRY = ("allowMultiple", "allowReentry", "allowReEntry", "allow_multiple", "reentry")
_STOP = ("stopOnResponse", "stopOnReply", "stop_on_response")
_TIMEZONE = ("timezone", "timeZone")
_WINDOW = ("window", "sendingWindow", "timeWindow", "sendWindow")
_OTHERS = (
    "allowMultipleOpportunity",
    "autoMarkAsRead",
    "removeContactFromLastStep",
    "senderAddress",
    "eventStartDate",
    "scheduledPauseDates",
)
_KNOWN = (*_REENTRY, *_STOP, *_TIMEZONE, *_WINDOW, *_OTHERS)


def settings_of(document: Mapping[str, Any]) -> Settings:
    """The fields stand in the document itself or in its ``settings``."""
    inner = mapping(document.get("settings"))
    holders = (document, inner)
    window = first_of_type(holders, _WINDOW, dict)
    return Settings(
        reentry=first_of_type(holders, _REENTRY, bool),
        stop_on_response=first_of_type(holders, _STOP, bool),
        timezone=first_of_type(holders, _TIMEZONE, str) or None,
        window=window or None,  # an empty object is a window that was never set
        raw={key: document[key] for key in _KNOWN if key in document} | inner,
    )
