"""What the tests of account starts are made of."""

from tests.workflows.analysis.agency import (
    JSON,
    flow,
    made,
    started,
    text_message,
)

HELLO = text_message("s", "Hello", "welcome")


FORM = started("form_submission", "t1", "Quote form", form__id="frm1")


def accounts(*flows, **lists) -> JSON:
    return {"workflows": list(flows), **lists}


DOUBLE = "duplicate-trigger"


TAG = "trigger-tag-never-added"


def waiting(*tags, **more):
    return flow(
        "A", "VIP", [HELLO], [started("contact_tag", "t1", "Tag", tagsAdded=[*tags])], **more
    )


def adding(*tags, kind="add_contact_tag", **more):
    return flow("B", "Adds", [made(kind, "a", "Add", tags=[*tags], **more)], [FORM])


def two(first, second, start_a=FORM, start_b=FORM, **more):
    return accounts(
        flow("A", "One", [first], [start_a]), flow("B", "Two", [second], [start_b], **more)
    )
