"""Whatever users write into their workflows, no rule fails over it or gets stuck."""

from typing import Any

import pytest

from apps.workflows.inspection import inspect_document
from tests.workflows.analysis.hostile import (
    BAIT,
    NUMBERED,
    filled,
    filled_under,
    hostile,
    numbered,
)
from tests.workflows.analysis.hostile_documents import DOCUMENTS

#: Of every field at once: what takes the square of this in each would hold up the whole suite.
LENGTH = 4_000
LONG = 1_000_000
#: Of all messages together: a report repeats no long text of the user's.
MOST_SAID = 600_000

#: Fields in which people write at length, a few at a time: no file is larger than 32 MB.
LONG_FIELDS = [
    ("HighLevel", "body code"),
    ("HighLevel", "html conditionValue"),
    ("n8n", "jsCode query"),
    ("n8n", "url rightValue"),
    ("Node-RED", "func template v"),
    ("Make", "json html value"),
]
MEGABYTES = {
    "opening braces": "{{" * 500_000,
    "opened styles": "<style>" * 140_000,
    "opened comments": "<!--" * 200_000,
    "calls": "$(" * 500_000,
    "double quotes": '"' * LONG,
    "single quotes": "'" * LONG,
    "backslashes": "\\" * LONG,
    "letters": "a" * LONG,
    "addresses": "://" * 300_000,
    "bearers": "Bearer " * 150_000,
    "base64": hostile(BAIT["base64"], LONG),
    "parentheses": "(" * 500_000 + ")" * 500_000,
    "marks": "a\u0301\u200d" * 300_000,
    "scripts": "<script>alert(1)</script>" * 40_000,
    "lines": "\n" * LONG,
    "keys": "key" * 330_000,
    "secrets": numbered(NUMBERED["secrets"], LONG),
    "called urls": numbered(NUMBERED["called urls"], LONG),
    "merge fields": numbered(NUMBERED["odd merge fields"], LONG),
    "step reads": numbered(NUMBERED["step reads"], LONG),
}

PLATFORMS = list(DOCUMENTS)


def inspect(document: Any) -> int:
    """How many workflows were analysed, each of them by every rule."""
    analyses = [item.analysis for item in inspect_document(document)]
    for analysis in analyses:
        assert analysis is not None
        assert [each for each in analysis.not_checked if "failed" in each.reason] == []
        said = sum(len(each.message) + len(each.remedy) for each in analysis.findings)
        assert said < MOST_SAID
    return len(analyses)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("bait", BAIT)
def test_bait_in_every_field_is_endured(platform, bait):
    assert inspect(filled(DOCUMENTS[platform], hostile(BAIT[bait], LENGTH))) == 1


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("bait", NUMBERED)
def test_bait_that_never_repeats_is_endured(platform, bait):
    assert inspect(filled(DOCUMENTS[platform], numbered(NUMBERED[bait], LENGTH))) == 1


@pytest.mark.parametrize(("platform", "fields"), LONG_FIELDS)
@pytest.mark.parametrize("text", MEGABYTES)
def test_a_megabyte_in_a_field_is_endured(platform, fields, text):
    document = filled_under(DOCUMENTS[platform], MEGABYTES[text], frozenset(fields.split()))
    assert inspect(document) == 1
