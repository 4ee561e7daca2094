"""A message with nothing in it.

## Why it matters
The contact gets an e-mail without subject or words, or the step fails and the contact gets nothing
at all; either way the workflow goes on as if the message had been sent.

## How to fix
Open the step and fill in the text (and the subject of an e-mail), choose a template, or delete the
step.

## Bad
    {"name": "Welcome", "status": "published", "workflowData": {"templates": [
      {"id": "e1", "type": "email", "name": "Welcome e-mail", "order": 0,
       "attributes": {"subject": "", "html": "<p>Welcome to Acme Dental.</p>"}}]}}

## Good
    {"name": "Welcome", "status": "published", "workflowData": {"templates": [
      {"id": "e1", "type": "email", "name": "Welcome e-mail", "order": 0,
       "attributes": {"subject": "Welcome", "html": "<p>Welcome to Acme Dental.</p>"}}]}}
"""

from apps.workflows.analysis.facts.messages import content, has_template, is_blank
from apps.workflows.analysis.facts.values import is_filled
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


@rule.step(Kind.MESSAGE)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.type not in ("sms", "email") or has_template(step):
        return None
    body = content(step)
    lacks_body = not is_filled(body) or (isinstance(body, str) and is_blank(body))
    if step.type == "sms":
        if not lacks_body or is_filled(step.params.get("attachments")):
            return None
        return Hit([step], f"The text “{step.label}” has no words and no attachment.")
    missing = [] if is_filled(step.params.get("subject")) else ["subject"]
    missing += ["text"] if lacks_body else []
    if not missing:
        return None
    return Hit([step], f"The e-mail “{step.label}” has no {' and no '.join(missing)}.")
