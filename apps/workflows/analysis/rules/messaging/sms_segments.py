"""A text of more than two segments.

## Why it matters
A text is billed by segments of 153 characters, or 67 when it holds an emoji or a sign outside the
basic alphabet. This one costs three times or more what a short one does, for every contact.

## How to fix
Shorten the text, or take out the emoji, curly quotes and other signs outside the basic alphabet.

## Bad
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "News", "order": 0,
       "attributes": {"body": "😀 Hello from Acme Dental! We have moved to a bright new place at 5 High Street. Come in for a coffee with us, and bring a friend or two along with you."}}]}}

## Good
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "News", "order": 0,
       "attributes": {"body": "Hello from Acme Dental! We have moved to 5 High Street."}}]}}
"""  # noqa: E501

from apps.workflows.analysis.facts.messages import without_tokens, words
from apps.workflows.analysis.facts.segments import count_segments, outside_gsm7
from apps.workflows.analysis.facts.values import is_filled
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    options={"segments": 2},
)


@rule.step(Kind.MESSAGE)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.spec.channel != "sms" or is_filled(step.params.get("attachments")):
        return None  # with an attachment it is billed as one picture message
    text = without_tokens(words(step) or "")
    most = rule.option(graph, "segments")
    if len(text) <= 33 * most:  # no sign takes more than two of the 67 places
        return None
    count = count_segments(text)
    if count <= most:
        return None
    odd = outside_gsm7(text)
    why = f", because of “{''.join(odd[:5])}” 67 characters each" if odd else ""
    return Hit([step], f"“{step.label}” is sent as {count} segments{why}.")
