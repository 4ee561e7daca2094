"""AI text that reaches a customer unread.

## Why it matters
A model now and then makes up prices, promises or insults, and here nobody sees its text before the
customer does.

## How to fix
Put an approval between the AI step and the message (n8n: “Send and wait for response”; HighLevel: a
task with a manual message), or a condition that lets only expected answers through.

## Bad
    {"name": "Quote", "active": false, "nodes": [
      {"id": "1", "name": "New mail", "type": "n8n-nodes-base.gmailTrigger", "typeVersion": 1.2,
       "position": [0, 0], "parameters": {},
       "credentials": {"gmailOAuth2": {"id": "1", "name": "Office"}}},
      {"id": "2", "name": "Assistant", "type": "@n8n/n8n-nodes-langchain.agent",
       "typeVersion": 2, "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Send", "type": "n8n-nodes-base.gmail", "typeVersion": 2.1,
       "position": [400, 0], "credentials": {"gmailOAuth2": {"id": "1", "name": "Office"}},
       "parameters": {"sendTo": "={{ $('New mail').item.json.from }}", "subject": "Your quote",
        "message": "={{ $json.output }}"}}],
     "connections": {
      "New mail": {"main": [[{"node": "Assistant", "type": "main", "index": 0}]]},
      "Assistant": {"main": [[{"node": "Send", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Quote", "active": false, "nodes": [
      {"id": "1", "name": "New mail", "type": "n8n-nodes-base.gmailTrigger", "typeVersion": 1.2,
       "position": [0, 0], "parameters": {},
       "credentials": {"gmailOAuth2": {"id": "1", "name": "Office"}}},
      {"id": "2", "name": "Assistant", "type": "@n8n/n8n-nodes-langchain.agent",
       "typeVersion": 2, "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Send", "type": "n8n-nodes-base.gmail", "typeVersion": 2.1,
       "position": [400, 0], "credentials": {"gmailOAuth2": {"id": "1", "name": "Office"}},
       "parameters": {"sendTo": "sales@acme-tools.com", "subject": "Draft of a quote",
        "message": "={{ $json.output }}"}}],
     "connections": {
      "New mail": {"main": [[{"node": "Assistant", "type": "main", "index": 0}]]},
      "Assistant": {"main": [[{"node": "Send", "type": "main", "index": 0}]]}}}

## Bad (highlevel)
    {"name": "Answer", "status": "draft", "workflowData": {"templates": [
      {"id": "ask", "type": "chatgpt", "name": "Write answer", "order": 0, "next": "sms",
       "attributes": {"promptText": "Answer kindly: {{message.body}}"}},
      {"id": "sms", "type": "sms", "name": "Send answer", "order": 1,
       "attributes": {"body": "{{chatgpt.1.response}}"}}]}}

## Good (highlevel)
    {"name": "Answer", "status": "draft", "workflowData": {"templates": [
      {"id": "ask", "type": "chatgpt", "name": "Write answer", "order": 0, "next": "sms",
       "attributes": {"promptText": "Answer kindly: {{message.body}}"}},
      {"id": "sms", "type": "sms", "name": "Send answer", "order": 1,
       "attributes": {"body": "Thanks, we will call you back today."}}]}}
"""

import re

from apps.workflows.analysis.facts.values import text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, EdgeKind, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[N8N, HIGHLEVEL],
)

#: Ways on which customers are written to; chat tools answer whoever has just asked the bot.
_CUSTOMERS = frozenset({"email", "sms", "whatsapp", "messenger", "viber", "line", "voicemail"})
_RECIPIENTS = ("sendTo", "toEmail", "toRecipients", "to", "phoneNumber", "recipientPhoneNumber")
_COMPUTED = ("$json", "$(", "$node", "$input", "$items", "$fromAI")
#: HighLevel’s tokens for what an AI step has said.
_SAID = re.compile(
    r"\{\{[\s]{0,5}(?:chatgpt|gpt|openai|open_ai|ai|ai_agent|aiagent|agent|workflow_ai\w{0,40}"
    r"|agent_studio\w{0,40}|ai_\w{1,40})[.\[_]"
)
_CHECKING = ("valid", "throw", "approv", "moderat")


@rule.graph
def check(graph: Graph) -> list[Hit]:
    hits = []
    told: set[int] = set()
    for writer in graph.of_kind(Kind.AI):
        if _writes_text(writer):
            for message in _straight_behind(writer, graph):
                if message.index not in told:
                    told.add(message.index)
                    hits.append(_hit(writer, message, graph))
    return hits


def _straight_behind(writer: Step, graph: Graph) -> list[Step]:
    """The messages to customers that use the text and have no check before them."""
    found = []
    seen = {writer.index}
    stack = [writer.index]
    while stack:
        for edge in graph.out[stack.pop()]:
            if edge.target in seen or edge.kind is EdgeKind.ERROR:
                continue
            seen.add(edge.target)
            step = graph.steps[edge.target]
            if step.enabled and (_checks(step) or _writes_text(step)):
                continue
            if _is_to_customer(step, graph) and _uses(step, writer, graph):
                found.append(step)
            stack.append(edge.target)
    return sorted(found, key=lambda step: step.index)


def _writes_text(step: Step) -> bool:
    """An AI step that answers in words; not one that sorts, or makes pictures and sound."""
    if step.spec.kind is not Kind.AI or Trait.MULTIPATH in step.spec.traits:
        return False
    return text(step.params.get("resource")) not in ("image", "audio", "video")


def _checks(step: Step) -> bool:
    """Whether somebody or something looks at the text here: a person, a condition, code."""
    kind = step.spec.kind
    if kind is Kind.BRANCH or Trait.WAITS_FOR_REPLY in step.spec.traits:
        return True
    if step.wait is not None and step.wait.minutes is None:
        return True
    return kind is Kind.CODE and any(word in step.lower_text for word in _CHECKING)


def _is_to_customer(step: Step, graph: Graph) -> bool:
    if not step.enabled or step.spec.kind is not Kind.MESSAGE:
        return False
    if Trait.SENDS not in step.spec.traits:
        return False
    if graph.platform == HIGHLEVEL:
        return True
    return step.spec.channel in _CUSTOMERS and _has_computed_recipient(step)


def _has_computed_recipient(step: Step) -> bool:
    """A fixed recipient is a colleague; a customer comes with the run’s data."""
    if text(step.params.get("operation")) == "reply":
        return True
    given = [text(step.params.get(name)) for name in _RECIPIENTS]
    return any(mark in value for value in given for mark in _COMPUTED)


def _uses(message: Step, writer: Step, graph: Graph) -> bool:
    if graph.platform == HIGHLEVEL:
        return bool(_SAID.search(message.lower_text)) or f"{{{{{writer.id}." in message.text
    return any(
        mark in value
        for path, value in message.texts()
        if path not in _RECIPIENTS
        for mark in ("$json", "$input", f"'{writer.name}'", f'"{writer.name}"')
    )


def _hit(writer: Step, message: Step, graph: Graph) -> Hit:
    return Hit(
        [message, writer],
        f"“{message.label}” sends what “{writer.label}” has written straight to the customer: "
        "nobody reads it first.",
        path=[*graph.path_to(writer), *graph.path_between(writer, message)[1:]],
    )
