"""Alerts go to one address that is written into the step.

## Why it matters
When that person is ill, on holiday or gone, nobody is told, and nobody notices.

## How to fix
Send it to the assigned user, to all users, or to a shared mailbox or channel that several people
read.

## Bad
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "n", "type": "internal_notification", "name": "Tell sales", "order": 0,
       "attributes": {"type": "email", "email": {"subject": "New lead", "html": "Please call.",
         "userType": "custom_email", "to": "jane@acme-dental.com"}}}]}}

## Good
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "n", "type": "internal_notification", "name": "Tell sales", "order": 0,
       "attributes": {"type": "email", "email": {"subject": "New lead", "html": "Please call.",
         "userType": "assign"}}}]}}
"""

import re

from apps.workflows.analysis.facts.values import mapping, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL, N8N],
)

_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
#: Addresses that stand for one still to be filled in: another rule's matter.
_NOBODY = ("@example.com", "@example.org", "@example.net")
#: n8n: what makes a message to a fixed address an alert and not a letter.
_ALERT = re.compile(r"\b(?:alert|alarm|error|errors|fail|failed|failure|warning|incident|down)\b")
_TO = ("toEmail", "sendTo", "toRecipients", "to", "toList")


@rule.step(Kind.NOTIFY, Kind.MESSAGE)
def check(step: Step, graph: Graph) -> Hit | None:
    address = _of_notice(step) if graph.platform == HIGHLEVEL else _of_alert(step, graph)
    if not address:
        return None
    return Hit(
        [step], f"“{step.label}” tells nobody but {address}, an address written into the step."
    )


def _of_notice(step: Step) -> str:
    if step.type != "internal_notification":
        return ""
    notice = mapping(step.params.get(text(step.params.get("type")))) or step.params
    if text(notice.get("userType") or step.params.get("userType")) != "custom_email":
        return ""
    return _single(notice.get("to") or step.params.get("to"))


def _of_alert(step: Step, graph: Graph) -> str:
    if step.spec.channel != "email":
        return ""
    title = f"{step.name} {text(step.params.get('subject'))}".lower()
    if not _ALERT.search(title) and not _is_of_error_flow(graph):
        return ""
    return next((found for key in _TO if (found := _single(step.params.get(key)))), "")


def _is_of_error_flow(graph: Graph) -> bool:
    """Whether the workflow runs when another one has failed, and for nothing else."""
    return bool(graph.triggers) and all(
        Trait.ON_ERROR in trigger.spec.traits for trigger in graph.triggers
    )


def _single(value: object) -> str:
    """The one address a field holds; empty for several, and for one made at run time."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else ""
    address = text(value).removeprefix("=")
    known = _ADDRESS.fullmatch(address) and not address.lower().endswith(_NOBODY)
    return address if known else ""
