"""unknown-merge-field where the account's lists are in the file."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel

RULE = "unknown-merge-field"


def bundle(body, **lists):
    step = {"id": "s1", "type": "sms", "name": "Text", "attributes": {"body": body}}
    return {"workflows": [highlevel([step], [])], **lists}


LISTS = {
    "customFields": [
        {"id": "cf1", "name": "Pet Name", "fieldKey": "contact.pet_name"},
        {"id": "cf2", "name": "Move-in Date"},
    ],
    "customValues": [{"id": "cv1", "name": "Office Hours", "value": "9 to 5"}],
}


@pytest.mark.parametrize("token", ["contact.pet_nmae", "contact.petname", "custom_values.ofice"])
def test_a_field_the_account_does_not_have_is_reported(token):
    [finding] = findings(bundle("Hi {{" + token + "}}", **LISTS), RULE)
    assert "the account has no custom" in finding.message


@pytest.mark.parametrize(
    "token",
    [
        "contact.pet_name",
        " contact.pet_name ",
        "contact.move_in_date",
        "contact.first_name",
        "custom_values.office_hours",
    ],
)
def test_fields_in_the_lists_are_fine(token):
    assert findings(bundle("Hi {{" + token + "}}", **LISTS), RULE) == []


@pytest.mark.parametrize("token", ["contact.pet_nmae", "custom_values.ofice"])
def test_a_list_that_is_not_in_the_file_judges_nothing(token):
    assert findings(bundle("Hi {{" + token + "}}", users=[]), RULE) == []
