"""A merge field that HighLevel does not know.

## Why it matters
HighLevel puts nothing, or the braces as they stand, where the field should be: the contact reads
“Hi , your visit is on” and not when.

## How to fix
Delete the token and choose the field again from the list of custom values in the editor; names are
case-sensitive and hold no blanks.

## Bad
    {"name": "Reminder", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Reminder", "order": 0,
       "attributes": {"body": "Hi {{customer.first_name}}, see you tomorrow."}}]}}

## Good
    {"name": "Reminder", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Reminder", "order": 0,
       "attributes": {"body": "Hi {{contact.first_name}}, see you tomorrow."}}]}}
"""

import re
from collections.abc import Container

from apps.workflows.analysis.facts.lists import Lists, lists_of
from apps.workflows.analysis.facts.messages import tokens
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Step
from apps.workflows.analysis.rule import Found, Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)

_OBJECTS = frozenset(
    {"contact", "user", "appointment", "calendar", "opportunity", "location", "message"}
    | {"campaign", "invoice", "order", "right_now", "custom_values", "inboundWebhookRequest"}
    | {"trigger", "workflow", "account", "company", "attribution"}
)
#: Objects that some triggers and steps bring along, and what steps give back.
_BROUGHT_ALONG = frozenset(
    {"task", "note", "email", "call", "form", "survey", "quiz", "payment", "product", "estimate"}
    | {"subscription", "document", "documents", "proposal", "membership", "certificate", "review"}
    | {"reviews", "affiliate", "trigger_link", "association", "custom_object", "customObject"}
    | {"coupon", "refund", "transaction", "prospect", "transcript", "service", "rental", "booking"}
    | {"chatgpt", "ai_agent", "custom_code", "custom_webhook", "webhook", "webhook_response"}
    | {"google_sheets", "slack_message", "text_formatter", "number_formatter", "loop", "item"}
    | {"datetime_formatter", "math_operation", "array_functions", "find_contact", "kb_search"}
    | {"find_opportunity", "find_associated_record", "agent_studio_execution", "rcs", "whatsapp"}
)
_FAMILIES = ("conversationai_", "workflow_ai_", "internal_", "custom_objects", "lc_")
_ALONE = frozenset({"unsubscribe_link", "review_link", "this", "item", "index", "else"})
_LOWER = {name.lower(): name for name in _OBJECTS}
#: Fields of a contact that every account has; others are the account's own.
_CONTACT = frozenset(
    {"id", "name", "first_name", "last_name", "full_name", "email", "phone", "phone_raw"}
    | {"company_name", "business_name", "full_address", "address1", "address", "city", "state"}
    | {"country", "postal_code", "timezone", "date_of_birth", "source", "website", "tags", "type"}
    | {"assigned_to", "assignedTo", "dnd", "date_added", "last_activity", "firstname", "lastname"}
    | {"gender", "attributionSource", "lastAttributionSource", "signature", "notes", "user"}
)
#: A name, perhaps with dots, indexes and stray blanks; all else is an expression we do not judge.
_NAME = re.compile(r"[^\W\d][\w \t.\-\[\]]*")
_INDEX = re.compile(r"\[\d{0,6}\]")
_UNREAD = ("code", "targetActionId", "output")
#: So many wrong fields of one step are told apart.
_MOST = 50
_REASON = "the account's custom fields and values are not in this file"


@rule.graph
def check(graph: Graph) -> Found:
    if "{{" not in graph.text:
        return None
    types = frozenset(step.type.replace("-", "_") for step in graph.steps)
    lists = lists_of(graph)
    hits = []
    open_question = False
    for step in graph.steps:
        if step.enabled and "{{" in step.text:
            faults = {token: _fault(_named(token), types, lists) for token in _tokens(step)}
            open_question = open_question or None in faults.values()
            wrong = [(token, fault) for token, fault in faults.items() if fault]
            hits += [_hit(step, token, fault) for token, fault in wrong[:_MOST]]
    if hits:
        return hits
    return NotChecked(_REASON) if open_question else None


def _tokens(step: Step) -> dict[str, None]:
    """Each token once, in the order of the file; code may use braces for its own ends."""
    return {
        token.strip(): None
        for parameter, text in step.texts()
        if "{{" in text and parameter.split(".", 1)[0] not in _UNREAD
        for token in tokens(text)
    }


def _hit(step: Step, token: str, fault: str) -> Hit:
    shown = "{{" + token[:80] + "}}"
    message = f"“{step.label}” uses {shown}, which HighLevel cannot fill: {fault}."
    return Hit([step], message, param=shown)


def _named(token: str) -> str:
    """The field a token names: without blanks around it, and without a default."""
    token = token.replace("\xa0", " ").replace("&nbsp;", " ").strip()
    if token.startswith("default "):
        return token[len("default ") :].strip().split(" ", 1)[0]
    return token


def _fault(name: str, types: frozenset[str], lists: Lists | None) -> str | None:
    """What is wrong with a field; empty when nothing is, ``None`` when the file cannot tell."""
    if not _NAME.fullmatch(name):
        return ""
    base, dot, rest = name.partition(".")
    base = _INDEX.sub("", base).strip()
    known = _LOWER.get(base.lower().replace(" ", "_"))
    if not dot:
        if name in _ALONE or base in _OBJECTS or base in types:
            return ""
        return "no object stands before the field, as in contact.first_name"
    if known is None and _is_brought_along(base, rest, types):
        return ""
    if known is None:
        return f"there is no object “{base}”"
    if base != known:
        return f"the object is written “{known}”"
    if " " in name or "\t" in name:
        return "there is a blank inside it"
    return _field_fault(known, rest, lists)


def _field_fault(known: str, rest: str, lists: Lists | None) -> str | None:
    field = _INDEX.sub("", rest.split(".", 1)[0])
    if known == "custom_values":
        values = lists.custom_values if lists else None
        return _missing(field, values, "custom value")
    if known != "contact" or field in _CONTACT:
        return ""
    if field.lower() in _CONTACT:
        return f"the field is written “{field.lower()}”"
    return _missing(field, lists.contact_fields if lists else None, "custom field")


def _missing(field: str, known: Container[str] | None, what: str) -> str | None:
    if known is None:
        return None
    return "" if field in known else f"the account has no {what} “{field}”"


def _is_brought_along(base: str, rest: str, types: frozenset[str]) -> bool:
    """Whether a step or trigger may give this object back; those of steps are numbered."""
    numbered = rest[:1].isdigit()
    known = base in _BROUGHT_ALONG or base.startswith(_FAMILIES)
    return numbered or known or base in types
