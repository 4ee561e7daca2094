"""Edge cases of ids that belong to another account, left over from a copy."""

import pytest

from tests.workflows.analysis.agency import (
    LOCATION,
    agency,
    flow,
    made,
    reasons,
    reported,
    started,
    step,
    workflow,
)

FOREIGN = "foreign-account-reference"
OTHER = "JmWT9rNx2cQvB7ePz4Lk"
API = "https://services.leadconnectorhq.com/contacts/"


def single(*steps, triggers=(), **more):
    return flow("A", "Flow", list(steps), list(triggers), **more)


@pytest.mark.parametrize(
    "one",
    [
        made("sms", "x", "Text", body="Hi", locationId=OTHER),
        made("add_contact_tag", "x", "Tag", tags=["a"], meta={"location_id": OTHER}),
        {**made("email", "x", "Mail", subject="Hi"), "locationId": OTHER},
        made("webhook", "x", "Call", method="POST", url=f"{API}?locationId={OTHER}"),
        made("webhook", "x", "Call", url=f"https://app.gohighlevel.com/v2/location/{OTHER}/tasks"),
        made(
            "custom_webhook", "x", "Call", url=API, body={"rawData": f'{{"locationId": "{OTHER}"}}'}
        ),
    ],
)
def test_the_id_of_another_account_is_reported_in_a_single_file(one):
    (hit,) = reported(single(one), FOREIGN)["A"]
    assert (hit.severity, hit.confidence) == ("high", "certain")
    assert hit.node_ids == ("x",)
    assert OTHER in hit.message


def test_a_trigger_of_another_account_is_reported():
    trigger = {**started("form_submission", "t1", "Form", form__id="f"), "location_id": OTHER}
    (hit,) = reported(single(triggers=[trigger]), FOREIGN)["A"]
    assert hit.node_ids == ("t1",)


def test_several_steps_of_one_foreign_account_are_one_finding():
    steps = [
        {**made("sms", "x", "Text", body="Hi", locationId=OTHER), "next": "y"},
        made("email", "y", "Mail", subject="Hi", locationId=OTHER),
    ]
    (hit,) = reported(single(*steps), FOREIGN)["A"]
    assert hit.node_ids == ("x", "y")


COPY = made("copy_contact_to_subaccount", "x", "Copy", locationId=OTHER,
            newLocations=[{"value": OTHER, "locationId": OTHER}])  # fmt: skip


@pytest.mark.parametrize(
    "one",
    [
        made("sms", "x", "Text", body="Hi", locationId=LOCATION),
        made("sms", "x", "Text", body="Hi", locationId=""),
        made("sms", "x", "Text", body="Hi", locationId="{{location.id}}"),
        made("sms", "x", "Text", body=f"Hi from {{{{location.name}}}} {OTHER}"),
        COPY,
        made("webhook", "x", "Call", url=f"{API}?locationId={LOCATION}"),
        made("webhook", "x", "Call", url=f"{API}?locationId={{{{location.id}}}}"),
        made("webhook", "x", "Call", url=f"https://squareup.com/v2/locations/{OTHER}/orders"),
        made("custom_webhook", "x", "Call", url="https://erp.de/api",
             body={"rawData": f'{{"locationId": "{OTHER}"}}'}),
        {**made("sms", "x", "Off", locationId=OTHER), "advanceCanvasMeta": {"isDisabled": True}},
    ],
)  # fmt: skip
def test_the_own_account_the_target_of_a_copy_and_other_systems_are_fine(one):
    assert reported(single(one), FOREIGN) == {}


def test_without_an_account_of_its_own_the_file_leaves_it_open():
    one = made("sms", "x", "Text", body="Hi", locationId=OTHER)
    document = {key: value for key, value in single(one).items() if key != "locationId"}
    assert reported(document, FOREIGN) == {}
    assert reasons(document, FOREIGN) == {
        "the file does not say which account the workflow belongs to"
    }
    bare = {key: value for key, value in single().items() if key != "locationId"}
    assert reasons(bare, FOREIGN) == set()


def test_the_account_of_the_lists_is_the_own_one():
    one = made("sms", "x", "Text", body="Hi", locationId=OTHER)
    tags = [{"name": "a", "locationId": LOCATION}]
    document = {"workflows": [flow("A", "A", [one], [], locationId=OTHER)], "tags": tags}
    (hit,) = reported(document, FOREIGN)["A"]
    assert hit.node_ids == ("x",)


def test_one_workflow_of_another_account_stands_out_in_the_agency():
    bundle_ = agency()
    assert reported(bundle_, FOREIGN) == {}
    workflow(bundle_, "wf-aligners-lost")["locationId"] = OTHER
    found = reported(bundle_, FOREIGN)
    assert set(found) == {"wf-aligners-lost"}
    step(bundle_, "wf-aligners-intake", "a4")["attributes"]["locationId"] = OTHER
    assert set(reported(bundle_, FOREIGN)) == {"wf-aligners-lost", "wf-aligners-intake"}


@pytest.mark.parametrize("value", [None, 7, True, [], {}, [None, {"locationId": 5}]])
def test_wrong_typed_location_ids_are_none(value):
    assert reported(single(made("sms", "x", "Text", locationId=value)), FOREIGN) == {}
    reported({"workflows": [flow("A", "A", [], [], locationId=value)], "tags": [value]}, FOREIGN)
