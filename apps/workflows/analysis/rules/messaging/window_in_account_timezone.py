"""A sending window in the account's time zone.

## Why it matters
The window is right for your own clock only: contacts elsewhere get their texts before breakfast or
late at night.

## How to fix
Open the workflow's settings and set “Timezone” to “Contact timezone”.

## Bad
    {"name": "Follow-up", "status": "published", "timezone": "account",
     "window": {"condition": "when", "start": "09:00", "end": "17:00"},
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Offer", "order": 0,
       "attributes": {"body": "This week at Acme Dental."}}]}}

## Good
    {"name": "Follow-up", "status": "published", "timezone": "contact",
     "window": {"condition": "when", "start": "09:00", "end": "17:00"},
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Offer", "order": 0,
       "attributes": {"body": "This week at Acme Dental."}}]}}
"""

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.facts.values import is_filled
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    if (graph.settings.timezone or "").strip().lower() != "account":
        return None
    sending = [step for step in graph.of_kind(Kind.MESSAGE) if Trait.SENDS in step.spec.traits]
    if not sending:
        return None
    held = [step for step in graph.of_kind(Kind.WAIT) if _is_set(step.params.get("window"))]
    if not held and not _is_set(graph.settings.window):
        return None
    return Hit(
        held or sending,
        "The sending window follows the clock of the account, not of the contact: elsewhere the "
        "messages come at other hours.",
        anchored=False,
    )


def _is_set(window: Any) -> bool:
    """Whether a window has hours, and is not switched off."""
    if not isinstance(window, Mapping) or window.get("enabled") is False:
        return False
    return is_filled(window.get("start")) or is_filled(window.get("end"))
