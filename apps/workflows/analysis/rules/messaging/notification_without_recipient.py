"""A notice, task or assignment that goes to nobody.

## Why it matters
The team is never told: the lead waits for a call that nobody knows they should make.

## How to fix
Open the step and choose who it goes to: the assigned user, a user of the account, or an address.

## Bad
    {"name": "Hot lead", "status": "published", "workflowData": {"templates": [
      {"id": "n1", "type": "internal_notification", "name": "Tell sales", "order": 0,
       "attributes": {"type": "sms", "sms": {"body": "New lead: {{contact.name}}",
                                             "userType": "user", "selectedUser": []}}}]}}

## Good
    {"name": "Hot lead", "status": "published", "workflowData": {"templates": [
      {"id": "n1", "type": "internal_notification", "name": "Tell sales", "order": 0,
       "attributes": {"type": "sms", "sms": {"body": "New lead: {{contact.name}}",
                                             "userType": "user",
                                             "selectedUser": ["E4xqUlZjsMDFO5US1tYz"]}}}]}}
"""

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.facts.values import is_filled, mapping, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)

_WAYS = ("email", "sms", "notification", "whatsapp")
#: Recipients that need no name: the contact's user, everybody.
_SELF_EVIDENT = frozenset({"assign", "assigned", "assigned_user", "all", "all_users"})
_TASK = ("assignedTo", "assigned_to", "assignedUser", "user", "userId", "users")
_ASSIGNMENT = ("user_list", "customUserList", "users", "user", "userId", "userIds")
_NAMED = ("selectedUser", "selectedUsers", "users", "user", "userId", "to", "emails", "phone")


@rule.step(Kind.NOTIFY)
def check(step: Step, graph: Graph) -> Hit | None:
    what = _unaddressed(step)
    return None if what is None else Hit([step], what.format(step.label))


def _unaddressed(step: Step) -> str | None:
    params = step.params
    if step.type == "internal_notification":
        return None if _is_addressed(params) else "“{}” is sent to nobody: it has no recipient."
    if step.type == "task-notification":
        return None if _names(params, _TASK) else "The task “{}” is assigned to nobody."
    if step.type in ("assign_user", "assign_to_user_tool", "internal-add-opportunity-owner"):
        return None if _names(params, _ASSIGNMENT) else "“{}” assigns to nobody: no user is chosen."
    return None


def _names(params: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    return any(is_filled(params.get(key)) for key in keys)


def _is_addressed(params: Mapping[str, Any]) -> bool:
    """Whether the notice, in the way it is sent, names somebody."""
    way = text(params.get("type"))
    if way and way not in _WAYS:
        return True  # a way we do not know
    notice = mapping(params.get(way)) if way else {}
    holder = notice or params
    user_type = text(holder.get("userType") or params.get("userType")).lower()
    if user_type in _SELF_EVIDENT:
        return True
    return _names(notice, _NAMED) or _names(params, _NAMED)
