"""A wait that may never end.

## Why it matters
A contact who never replies, clicks or meets the condition stays in this step for ever: the
follow-up behind it is never sent, and nobody notices.

## How to fix
Open the wait step, switch on “Timeout” and choose how long to wait; then say in the timeout branch
what happens to contacts who did nothing.

## Bad
    {"name": "Quote follow-up", "status": "published", "workflowData": {"templates": [
      {"id": "ask", "type": "sms", "name": "Ask about the quote", "order": 0, "next": "wait",
       "attributes": {"body": "Hi {{contact.first_name}}, any questions about your quote?"}},
      {"id": "wait", "type": "wait", "name": "Wait for a reply", "order": 1, "next": "thanks",
       "attributes": {"type": "reply"}},
      {"id": "thanks", "type": "sms", "name": "Thank them", "order": 2,
       "attributes": {"body": "Thanks, we will call you back today."}}]}}

## Good
    {"name": "Quote follow-up", "status": "published", "workflowData": {"templates": [
      {"id": "ask", "type": "sms", "name": "Ask about the quote", "order": 0, "next": "wait",
       "attributes": {"body": "Hi {{contact.first_name}}, any questions about your quote?"}},
      {"id": "wait", "type": "wait", "name": "Wait for a reply", "order": 1, "cat": "multi-path",
       "attributes": {"type": "reply", "convertToMultipath": true, "transitions": [
         {"id": "yes", "name": "Reply", "condition": "primary",
          "attributes": {"type": "wait_reply"}},
         {"id": "no", "name": "Time Out", "condition": "timeout",
          "attributes": {"type": "wait_timeout"}}]},
       "next": ["yes", "no"]},
      {"id": "yes", "type": "transition", "name": "Reply", "parent": "wait", "parentKey": "wait",
       "next": "thanks"},
      {"id": "no", "type": "transition", "name": "Time Out", "parent": "wait", "parentKey": "wait",
       "next": "call"},
      {"id": "thanks", "type": "sms", "name": "Thank them", "order": 2,
       "attributes": {"body": "Thanks, we will call you back today."}},
      {"id": "call", "type": "manual-call", "name": "Call them", "order": 3, "attributes": {}}]}}
"""

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

#: Waits that end only when somebody does something; time and appointment waits end by themselves.
_UNTIL = {
    "reply": "replies",
    "user_reply": "is answered by a user",
    "link": "clicks the link",
    "link_clicked": "clicks the link",
    "trigger_link": "clicks the link",
    "email_event": "opens or clicks the e-mail",
    "condition": "meets the condition",
}


@rule.step(Kind.WAIT)
def check(step: Step, graph: Graph) -> Hit | None:
    wait = step.wait
    if wait is None or wait.has_timeout or wait.type not in _UNTIL:
        return None
    return Hit(
        [step],
        f"“{step.label}” holds the contact until the contact {_UNTIL[wait.type]}, however long "
        "that takes: it has no timeout branch.",
    )
