"""A field set to nothing instead of cleared.

## Why it matters
Writing an empty value changes nothing: the old value stays in the field, and later steps and
conditions go by it.

## How to fix
Set the action type of the step to “Clear field data” for the fields that are to be emptied, or fill
in the value that is missing.

## Bad
    {"name": "New call", "status": "published", "workflowData": {"templates": [
      {"id": "blank", "type": "update_contact_field", "name": "Blank outcome", "order": 0,
       "attributes": {"actionType": "update_field_data", "fields": [
        {"field": "em3R3rToFy8N0oYcJDwE", "title": "Call outcome", "value": "", "date": ""}]}}]}}

## Good
    {"name": "New call", "status": "published", "workflowData": {"templates": [
      {"id": "blank", "type": "update_contact_field", "name": "Blank outcome", "order": 0,
       "attributes": {"actionType": "clear_field_data", "fields": [
        {"field": "em3R3rToFy8N0oYcJDwE", "title": "Call outcome", "value": "", "date": ""}]}}]}}
"""

from typing import Any

from apps.workflows.analysis.facts.values import mappings, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)

_SHOWN = 5


@rule.step(Kind.WRITE)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.type != "update_contact_field":
        return None
    if text(step.params.get("actionType")) == "clear_field_data":
        return None
    blank = [entry for entry in mappings(step.params.get("fields")) if _is_blank(entry)]
    if not blank:
        return None
    fields = [text(entry.get("title")) or text(entry.get("field")) for entry in blank[:_SHOWN]]
    listed = ", ".join(f"“{name[:60]}”" for name in fields if name) or "a field"
    more = f" and {len(blank) - _SHOWN} more" if len(blank) > _SHOWN else ""
    return Hit(
        [step],
        f"“{step.label}” writes an empty value to {listed}{more}: nothing is written, and the old "
        "value stays.",
    )


def _is_blank(entry: Any) -> bool:
    """An entry that has a value and leaves it empty; a date may be given in its own place."""
    return "value" in entry and _empty(entry["value"]) and _empty(entry.get("date"))


def _empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())
