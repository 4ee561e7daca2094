"""Placeholder text that was never replaced.

## Why it matters
The contact reads “Hi [Name]” or “lorem ipsum”, or the call goes to an address or with a key that
does not exist and fails.

## How to fix
Open the step and put the real text, merge field, address or key in place of the placeholder.

## Bad
    {"name": "Welcome", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Welcome", "order": 0,
       "attributes": {"body": "Hi [Name], thanks for choosing Acme Dental."}}]}}

## Good
    {"name": "Welcome", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Welcome", "order": 0,
       "attributes": {"body": "Hi {{contact.first_name}}, thanks for choosing Acme Dental."}}]}}

## Bad (n8n)
    {"name": "Send order", "active": true, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Send order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0],
       "parameters": {"url": "https://api.acme-tools.com/v1/orders", "sendQuery": true,
        "queryParameters": {"parameters": [{"name": "account", "value": "YOUR_ACCOUNT_ID"}]}}}],
     "connections": {"Start": {"main": [[{"node": "Send order", "type": "main", "index": 0}]]}}}

## Good (n8n)
    {"name": "Send order", "active": true, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Send order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0],
       "parameters": {"url": "https://api.acme-tools.com/v1/orders", "sendQuery": true,
        "queryParameters": {"parameters": [{"name": "account", "value": "acct-2291"}]}}}],
     "connections": {"Start": {"main": [[{"node": "Send order", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.facts.placeholders import may_hold, placeholders, without_expressions
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import PLATFORMS, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.FIRM,
    platforms=PLATFORMS,
    live_only=True,
)

#: Kinds whose text a person reads.
_READ = frozenset({Kind.MESSAGE, Kind.NOTIFY, Kind.RESPOND})
#: Kinds that call or write elsewhere; prompts and code hold examples of their own.
_CALLED = frozenset({Kind.CALL, Kind.WRITE})
#: Parameters that the editor keeps for itself, and code.
_UNSENT = frozenset(
    {"cachedResultName", "cachedResultUrl", "jsCode", "code", "notice", "description", "name"}
    | {"label", "notes", "type", "func"}
)


@rule.step(*_READ, *_CALLED)
def check(step: Step, graph: Graph) -> Hit | None:
    is_read = step.spec.kind in _READ
    if not is_read and Trait.CALLS not in step.spec.traits:
        return None
    if not may_hold(step.text, prose=is_read):
        return None
    found: dict[str, None] = {}
    for parameter, text in step.texts():
        if parameter.rpartition(".")[2] not in _UNSENT and may_hold(text, prose=is_read):
            found.update(dict.fromkeys(placeholders(without_expressions(text), prose=is_read)))
    if "task" in step.type.lower():  # “TODO: call them” is what a task is there to say
        found.pop("TODO", None)
    return _hit(step, list(found)) if found else None


def _hit(step: Step, found: list[str]) -> Hit:
    # “your-domain” says no more beside “your-domain.com”.
    found = [each for each in found[:50] if not any(each in o and each != o for o in found[:50])]
    shown = ", ".join(f"“{each}”" for each in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    does = "sends" if step.spec.kind in _READ else "calls with"
    return Hit([step], f"“{step.label}” {does} placeholder text: {shown}{more}.")
