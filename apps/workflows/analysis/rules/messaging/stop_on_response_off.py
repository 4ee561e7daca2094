"""The workflow goes on although the contact has answered.

## Why it matters
Someone who has replied “yes, please” still gets “Did you see my last message?”, and knows that
nobody reads the answers.

## How to fix
Switch on “Stop on Response” in the workflow's settings, or wait for a reply and branch on it.

## Bad
    {"name": "Follow-up", "status": "published", "stopOnResponse": false,
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Quote", "order": 0, "next": "w",
       "attributes": {"body": "Your quote is ready."}},
      {"id": "w", "type": "wait", "name": "Wait", "order": 1, "next": "b",
       "attributes": {"type": "time", "startAfter": {"type": "hours", "value": 3}}},
      {"id": "b", "type": "sms", "name": "Still there?", "order": 2,
       "attributes": {"body": "Any questions?"}}]}}

## Good
    {"name": "Follow-up", "status": "published", "stopOnResponse": true,
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Quote", "order": 0, "next": "w",
       "attributes": {"body": "Your quote is ready."}},
      {"id": "w", "type": "wait", "name": "Wait", "order": 1, "next": "b",
       "attributes": {"type": "time", "startAfter": {"type": "hours", "value": 3}}},
      {"id": "b", "type": "sms", "name": "Still there?", "order": 2,
       "attributes": {"body": "Any questions?"}}]}}
"""

from apps.workflows.analysis.facts.exits import is_reminder, sequence_without_exit
from apps.workflows.analysis.facts.followups import handles_replies, has_wait_between, messages
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    if graph.settings.stop_on_response is not False:
        return None
    sent = messages(graph)
    if len(sent) < 2 or not has_wait_between(graph):
        return None
    if is_reminder(graph) or handles_replies(graph):
        return None
    if sequence_without_exit(graph) is not None:
        return None  # the graver case, that nothing at all ends the series, is reported by itself
    return Hit(
        sent,
        f"“Stop on Response” is off and no step looks for a reply, so contacts who have "
        f"answered still get {names(sent)}.",
        anchored=False,
    )
