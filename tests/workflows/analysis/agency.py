"""A believable account: a dental group with eight workflows per treatment, and all its lists.

``agency()`` is sound. Tests take it apart with ``workflow`` and ``step`` and put a fault in.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from apps.workflows.analysis.findings import Finding
from apps.workflows.inspection import Inspected, inspect_document

JSON = dict[str, Any]

LOCATION = "ve9EPM428h8vShlRW1KT"
TREATMENTS = ("Implants", "Whitening", "Aligners", "Check-up")
STAGES = ("New", "Contacted", "Booked", "Treated")


def slug(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


# -- pieces --------------------------------------------------------------------------------


def made(kind: str, key: str, name: str, after: Any = None, **attributes: Any) -> JSON:
    found = {"id": key, "type": kind, "name": name, "attributes": attributes}
    return found if after is None else {**found, "next": after}


def chain(*steps: JSON) -> list[JSON]:
    """The steps one after the other, but for those that say themselves what comes next."""
    linked = [
        one if "next" in one else {**one, "next": following["id"]}
        for one, following in pairwise(steps)
    ]
    return [{**one, "order": place} for place, one in enumerate([*linked, steps[-1]])]


def started(kind: str, key: str, name: str, **filters: Any) -> JSON:
    conditions = [
        {"field": field.replace("__", "."), "operator": "==", "value": value}
        for field, value in filters.items()
    ]
    trigger = {"id": key, "type": kind, "name": name, "active": True, "location_id": LOCATION}
    return {**trigger, "conditions": conditions}


def flow(key: str, name: str, steps: list[JSON], triggers: list[JSON], **more: Any) -> JSON:
    return {
        "id": key,
        "name": name,
        "status": "published",
        "locationId": LOCATION,
        "allowMultiple": True,
        "stopOnResponse": True,
        "timezone": "contact",
        "workflowData": {"templates": steps},
        "triggers": triggers,
        **more,
    }


def stage_update(key: str, name: str, pipeline: str, stage: str, *, back: bool = False) -> JSON:
    fields = [
        {"filterField": "pipelineId", "value": pipeline},
        {"filterField": "pipelineStageId", "value": stage},
    ]
    return made(
        "internal_update_opportunity", key, name, allowBackward=back, __customInputFields__=fields
    )


def text_message(key: str, name: str, body: str) -> JSON:
    return made("sms", key, name, body=f"Harbour Dental: {body}")


def days(key: str, count: int) -> JSON:
    start = {"type": "days", "value": count, "when": "after"}
    return made("wait", key, f"{count} days", type="time", startAfter=start)


# -- the workflows of one treatment --------------------------------------------------------


def treatment(name: str) -> list[JSON]:
    t = slug(name)
    pipe, new, contacted, booked, treated = (f"pip-{t}", *(f"stg-{t}-{slug(s)}" for s in STAGES))
    intake = [
        made(
            "internal_create_opportunity", "a1", "Create deal",
            pipelineId=pipe,
            __customInputFields__=[{"filterField": "pipelineStageId", "value": new}],
        ),
        made("add_contact_tag", "a2", "Mark interest", tags=[f"{name} lead"]),
        made("assign_user", "a3", "Give to reception", user_list=[f"usr-{t}"]),
        text_message("a4", "We got it", f"thank you for asking about {name}. We will call you."),
        made(
            "internal_notification", "a5", "Tell reception",
            type="notification",
            notification={"userType": "user", "selectedUser": [f"usr-{t}"], "message": "New lead"},
        ),
        made("add_to_workflow", "a6", "Start nurture", workflow_id=f"wf-{t}-nurture"),
    ]  # fmt: skip
    yes: JSON = {"conditionType": "contact_detail", "conditionSubType": "tags"}
    yes |= {"conditionOperator": "index-of-true", "conditionValue": [f"{name} booked"]}
    nurture = [
        made("email", "b1", "What to expect", subject=f"Your {name}", template_id=f"tpl-{t}"),
        days("b2", 1),
        made(
            "if_else", "b3", "Booked?", ["b4", "b5"],
            branches=[
                {"id": "b4", "name": "Yes", "operator": "and",
                 "segments": [{"operator": "and", "conditions": [yes]}]}
            ],
        ),
        {**made("if_else", "b4", "Yes", "b7", **{"if": False}), "nodeType": "branch-yes"},
        {**made("if_else", "b5", "No", "b6", **{"else": True}), "nodeType": "branch-no"},
        text_message("b6", "Still interested?", "book here {{custom_values.booking_link}}"),
        made("add_contact_tag", "b7", "Nurtured", tags=[f"{name} nurtured"]),
    ]  # fmt: skip
    nurture[5]["next"] = None
    reminders = [
        stage_update("c1", "Move to booked", pipe, booked),
        made("add_contact_tag", "c2", "Mark booked", tags=[f"{name} booked"]),
        made("remove_from_workflow", "c3", "Stop nurture", workflow_id=[f"wf-{t}-nurture"]),
        made(
            "wait", "c4", "A day before",
            type="appointment",
            appointmentStartAfter={"type": "days", "value": 1, "when": "before"},
        ),
        text_message("c5", "See you tomorrow", "we look forward to seeing you tomorrow."),
    ]  # fmt: skip
    no_show = [
        text_message("d1", "We missed you", "we missed you. {{ custom_values.booking_link }}"),
        stage_update("d2", "Back to contacted", pipe, contacted, back=True),
        made("task-notification", "d3", "Call", title="Call the patient", assignedTo=f"usr-{t}"),
    ]
    aftercare = [
        stage_update("e1", "Move to treated", pipe, treated),
        made(
            "update_contact_field", "e2", "Last treatment",
            actionType="update_field_data",
            fields=[{"field": "cfLastTreatment001", "value": name, "title": "Last treatment"}],
        ),
        made("add_contact_tag", "e3", "Patient", tags=["patient"]),
    ]  # fmt: skip
    reactivation = [
        days("f1", 30),
        made("email", "f2", "Come back", subject="How are you?", html="<p>Time for a visit.</p>"),
        made("add_contact_tag", "f3", "Asked again", tags=[f"{name} asked again"]),
    ]
    lost = [
        made("remove_contact_tag", "g1", "No longer interested", tags=[f"{name} lead"]),
        made("add_contact_tag", "g2", "Cold", tags=[f"{name} cold"]),
    ]
    prepare = [
        made("task-notification", "h1", "Prepare", title="Prepare", assignedTo="usr-assistant"),
        made("add_notes", "h2", "Note", html="Prepared"),
    ]
    calendar, form = f"cal-{t}", f"frm-{t}"
    return [
        flow(f"wf-{t}-intake", f"{name}: intake", chain(*intake),
             [started("form_submission", "t1", f"{name} form", form__id=form)]),
        flow(f"wf-{t}-nurture", f"{name}: nurture", chain(*nurture), []),
        flow(f"wf-{t}-reminders", f"{name}: reminders", chain(*reminders),
             [appointment(calendar, "confirmed")]),
        flow(f"wf-{t}-noshow", f"{name}: no-show", chain(*no_show),
             [appointment(calendar, "noshow")]),
        flow(f"wf-{t}-aftercare", f"{name}: aftercare", chain(*aftercare),
             [appointment(calendar, "showed")]),
        flow(f"wf-{t}-reactivation", f"{name}: reactivation", chain(*reactivation),
             [started("contact_tag", "t1", "Cold", tagsAdded=f"{name} cold")]),
        flow(f"wf-{t}-lost", f"{name}: lost", chain(*lost),
             [started("opportunity_status_changed", "t1", "Lost",
                      opportunity__pipelineId=pipe, opportunity__status="lost")]),
        flow(f"wf-{t}-prepare", f"{name}: prepare", chain(*prepare),
             [started("pipeline_stage_updated", "t1", "Booked",
                      opportunity__pipelineId=pipe, opportunity__pipelineStageId=booked)]),
    ]  # fmt: skip


def appointment(calendar: str, status: str) -> JSON:
    filters = {"calendar__id": calendar, "appointment__status": status}
    return started("appointment", "t1", f"Appointment {status}", **filters)


# -- the account ---------------------------------------------------------------------------


def agency(treatments: tuple[str, ...] = TREATMENTS) -> JSON:
    """A sound account bundle of eight workflows per treatment."""
    slugs = {name: slug(name) for name in treatments}
    workflows = [one for name in treatments for one in treatment(name)]
    return {
        "locationId": LOCATION,
        "workflows": workflows,
        "pipelines": [
            {
                "id": f"pip-{t}",
                "name": name,
                "stages": [{"id": f"stg-{t}-{slug(s)}", "name": s} for s in STAGES],
            }
            for name, t in slugs.items()
        ],
        "calendars": [{"id": f"cal-{t}", "name": name} for name, t in slugs.items()],
        "forms": [{"_id": f"frm-{t}", "name": f"{name} form"} for name, t in slugs.items()],
        "users": [
            {"id": "usr-assistant", "name": "Alex Assistant", "active": True},
            *({"id": f"usr-{t}", "name": name, "active": True} for name, t in slugs.items()),
        ],
        "emailTemplates": [{"id": f"tpl-{t}", "name": name} for name, t in slugs.items()],
        "customFields": [
            {"id": "cfLastTreatment001", "name": "Last treatment",
             "fieldKey": "contact.last_treatment", "dataType": "TEXT"},
        ],
        "customValues": [
            {"id": "cvBooking", "name": "Booking link",
             "fieldKey": "{{ custom_values.booking_link }}",
             "value": "https://harbour-dental.de/termin"},
        ],
        "tags": [
            "patient",
            *(f"{name} {word}".lower() for name in treatments
              for word in ("lead", "nurtured", "booked", "cold", "asked again")),
        ],
        "phoneNumbers": [{"number": "+49 30 1234567", "sms": True}],
        "emailDomains": [{"domain": "mail.harbour-dental.de", "verified": True}],
        "stats": {one["id"]: {"enrollments": 40} for one in workflows},
    }  # fmt: skip


def workflow(bundle: JSON, key: str) -> JSON:
    found: JSON = next(each for each in bundle["workflows"] if each["id"] == key)
    return found


def step(bundle: JSON, key: str, step_id: str) -> JSON:
    steps = workflow(bundle, key)["workflowData"]["templates"]
    found: JSON = next(each for each in steps if each["id"] == step_id)
    return found


def inspected(bundle: JSON) -> dict[str, Inspected]:
    """What is found in each workflow, by its id; no rule may have failed."""
    found = {item.source.external_id: item for item in inspect_document(bundle)}
    for item in found.values():
        assert item.analysis is not None
        assert [each for each in item.analysis.not_checked if "failed" in each.reason] == []
    return found


def reported(bundle: JSON, rule_id: str) -> dict[str, list[Finding]]:
    """The findings of one rule by the workflow in which they stand."""
    found = {}
    for key, item in inspected(bundle).items():
        assert item.analysis is not None
        hits = [each for each in item.analysis.findings if each.rule_id == rule_id]
        if hits:
            found[key] = hits
    return found


def reasons(bundle: JSON, rule_id: str) -> set[str]:
    """Why the rule could not be checked, over all workflows."""
    return {
        each.reason
        for item in inspected(bundle).values()
        if item.analysis is not None
        for each in item.analysis.not_checked
        if each.rule_id == rule_id
    }
