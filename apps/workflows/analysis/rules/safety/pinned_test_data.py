"""Test data pinned in the file.

## Why it matters
Pinned data travels with the workflow to everyone who gets the file, and in the editor the step
shows it instead of what really comes in, so a fault behind it stays hidden.

## How to fix
Open the step’s output in the editor and unpin the data before you share or store the workflow.

## Bad
    {"name": "Lead", "active": false, "nodes": [
      {"id": "1", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"path": "lead", "authentication": "headerAuth"},
       "credentials": {"httpHeaderAuth": {"id": "1", "name": "Site"}}}],
     "connections": {}, "pinData": {"Webhook": [{"json": {"product": "Ladder", "count": 2}}]}}

## Good
    {"name": "Lead", "active": false, "nodes": [
      {"id": "1", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"path": "lead", "authentication": "headerAuth"},
       "credentials": {"httpHeaderAuth": {"id": "1", "name": "Site"}}}],
     "connections": {}, "pinData": {}}
"""

import re
from typing import Any

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Graph, located_strings
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[N8N],
)

_EMAIL = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})")
#: Domains that belong to no person: kept for examples by the Internet’s rules, or used so.
_NOBODY = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localhost|acme|domain|company|email)(?:\.|$)"
)
#: Accounts of services, not of people.
_SERVICE = ("noreply", "no-reply", "support", "info", "hello", "notifications", "donotreply")
#: Fields that hold something about a person, with their separators taken out.
_PERSONAL = re.compile(
    r"(?:^|\.)(?:first_?name|last_?name|full_?name|surname|phone|phone_?number|mobile"
    r"|mobile_?number|birth_?(?:day|date)|date_?of_?birth|passport|iban|ssn|home_?address|street"
    r"|street_?address)$",
    re.IGNORECASE,
)
_MOST_TEXTS = 20_000


@rule.graph
def check(graph: Graph) -> Hit | None:
    pinned = graph.raw.get("pinData")
    if not isinstance(pinned, dict) or not pinned:
        return None
    held = {name: data for name, data in pinned.items() if data not in (None, [], {}, "")}
    if not held:
        return None
    steps = [step for step in graph.steps if step.name in held]
    where = f" at {names(steps)}" if steps else ""
    personal = _is_personal(held)
    of_people = ", with what looks like personal data of real people" if personal else ""
    return Hit(
        steps,
        f"The file holds pinned test data{where}{of_people}.",
        severity=Severity.MEDIUM if personal else None,
        anchored=False,
    )


def _is_personal(data: Any) -> bool:
    for count, (path, text) in enumerate(located_strings(data)):
        if count >= _MOST_TEXTS:
            return False
        if "@" in text and any(map(_is_somebody, _EMAIL.finditer(text))):
            return True
        if 3 <= len(text) <= 100 and any(map(str.isalnum, text)) and _PERSONAL.search(path):
            return True
    return False


def _is_somebody(match: re.Match[str]) -> bool:
    return not match[0].lower().startswith(_SERVICE) and not _NOBODY.search(match[1].lower())
