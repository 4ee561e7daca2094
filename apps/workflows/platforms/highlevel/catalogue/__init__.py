"""Every trigger and step type of HighLevel that we know, as data."""

from __future__ import annotations

from apps.workflows.analysis.graph import StepType
from apps.workflows.platforms.highlevel.catalogue import apps, contacts, flow, messages, starts

STEPS: dict[str, StepType] = {
    **apps.FOREIGN_STEPS,
    **contacts.CONTACTS,
    **contacts.OPPORTUNITIES,
    **contacts.APPOINTMENTS,
    **contacts.OBJECTS,
    **contacts.MEMBERSHIPS,
    **messages.MESSAGES,
    **messages.TEAM,
    **messages.PAYMENTS,
    **messages.BOTS,
    **flow.CONTROL,
    **flow.COMPUTING,
    **flow.THINKING,
    **flow.CALLS_OUT,
    **flow.PHONE_MENU,
}
TRIGGERS: dict[str, StepType] = {
    **apps.FOREIGN_TRIGGERS,
    **starts.CONTACT_TRIGGERS,
    **starts.EVENT_TRIGGERS,
    **starts.SALES_TRIGGERS,
    **starts.MEMBER_TRIGGERS,
}
