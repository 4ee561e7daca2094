"""What the tests of account references are made of."""

from tests.workflows.analysis.agency import (
    flow,
    made,
    reported,
)

MISSING = "missing-reference"


#: One entry in every list, each under another of the names that exports use.
LISTS = {
    "pipelines": [{"id": "p1", "name": "Sales", "stages": [{"id": "s1", "name": "New"}]}],
    "calendars": [{"_id": "c1", "name": "Visit"}],
    "forms": [{"id": "f1"}],
    "surveys": [{"id": "v1"}],
    "users": [
        {"id": "u1", "name": "Anna", "active": True},
        {"id": "u2", "name": "Tom", "active": False},
    ],
    "emailTemplates": [{"id": "e1"}],
    "customFields": [{"id": "cf1", "fieldKey": "contact.shoe_size"}],
    "customValues": [{"id": "v1", "fieldKey": "{{ custom_values.map }}", "value": "https://m.de"}],
    "tags": ["VIP", {"id": "tag9", "name": "Gold"}],
    "triggerLinks": [{"id": "l1"}],
}


def bundle(*steps, triggers=(), **lists):
    return {"workflows": [flow("A", "Flow", list(steps), list(triggers))], **(lists or LISTS)}


def messages(document, rule_id=MISSING):
    found = reported(document, rule_id)
    return [hit.message for hits in found.values() for hit in hits]


def opportunity(pipeline, stage=None, kind="internal_update_opportunity"):
    fields = [{"filterField": "pipelineId", "value": pipeline}]
    if stage is not None:
        fields.append({"filterField": "pipelineStageId", "value": stage})
    return made(kind, "x", "Deal", __customInputFields__=fields)


def fields(kind, name, value="1"):
    return made(kind, "x", "Fields", fields=[{"field": name, "value": value, "title": "Size"}])


GONE = "gone9"
