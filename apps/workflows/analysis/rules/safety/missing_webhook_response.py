"""A webhook whose caller never gets the answer that was set up.

## Why it matters
The webhook and the node that answers have to agree. Where they do not, n8n refuses the call with
an error or lets the caller wait until its time is up: forms show a failure, and the other system
tries again.

## How to fix
Set “Respond” of the webhook to “Using Respond to Webhook Node” and lead every branch to such a
node; or remove that node and let the webhook answer by itself.

## Bad
    {"name": "Quote form", "active": true, "nodes": [
      {"id": "1", "name": "Quote form", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"httpMethod": "POST", "path": "quote",
        "authentication": "headerAuth", "responseMode": "responseNode", "options": {}},
       "credentials": {"httpHeaderAuth": {"id": "a1"}}},
      {"id": "2", "name": "Shorten", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}}],
     "connections": {
      "Quote form": {"main": [[{"node": "Shorten", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Quote form", "active": true, "nodes": [
      {"id": "1", "name": "Quote form", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
       "position": [0, 0], "parameters": {"httpMethod": "POST", "path": "quote",
        "authentication": "headerAuth", "responseMode": "responseNode", "options": {}},
       "credentials": {"httpHeaderAuth": {"id": "a1"}}},
      {"id": "2", "name": "Shorten", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Answer", "type": "n8n-nodes-base.respondToWebhook", "typeVersion": 1.1,
       "position": [400, 0], "parameters": {"options": {}}}],
     "connections": {
      "Quote form": {"main": [[{"node": "Shorten", "type": "main", "index": 0}]]},
      "Shorten": {"main": [[{"node": "Answer", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.facts.reach import leading_to, reached_from
from apps.workflows.analysis.facts.values import mapping, text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[N8N],
)

_ANSWERED_BY_NODE = "responseNode"
#: Triggers that n8n itself checks for a node that answers without having been asked to.
_STRICT = frozenset({"n8n-nodes-base.webhook", "n8n-nodes-base.formTrigger"})
#: So many findings get a path of their own; a workflow with more webhooks is not drawn by hand.
_MOST_PATHS = 20


@rule.graph
def check(graph: Graph) -> list[Hit]:
    webhooks = [step for step in graph.of_kind(Kind.TRIGGER) if Trait.WEBHOOK in step.spec.traits]
    answers = [step.index for step in graph.of_kind(Kind.RESPOND)]
    if not webhooks and not answers:
        return []
    answered = leading_to(graph, answers)
    hits = [
        Hit(
            [step],
            f"“{step.label}” leaves the answer to a “Respond to Webhook” node, and none can be "
            "reached from it: n8n refuses every call with an error.",
        )
        for step in webhooks
        if _mode(step) == _ANSWERED_BY_NODE and step.index not in answered
    ]
    return hits + _unasked(webhooks, answers, graph) + _orphaned(answers, graph)


def _mode(step: Step) -> str:
    params = step.params
    return text(params.get("responseMode", mapping(params.get("options")).get("responseMode")))


def _unasked(webhooks: list[Step], answers: list[int], graph: Graph) -> list[Hit]:
    """Webhooks that answer by themselves although a node behind them means to."""
    suspects = [step for step in webhooks if step.type in _STRICT and _answers_itself(step)]
    if not suspects or not answers:
        return []
    waits = [step.index for step in graph.of_kind(Kind.WAIT) if _mode(step) == _ANSWERED_BY_NODE]
    unowned = set(answers) - reached_from(graph, waits)
    leading = leading_to(graph, unowned)
    found = [step for step in suspects if step.index in leading]
    hits = []
    for n, step in enumerate(found):
        behind = sorted(graph.after(step) & unowned) if n < _MOST_PATHS else []
        answer = graph.steps[behind[0]] if behind else None
        named = f"“{answer.label}”" if answer is not None else "a node behind it"
        hits.append(
            Hit(
                [step, *([answer] if answer is not None else [])],
                f"“{step.label}” is not set to be answered by a node, so n8n refuses its calls "
                f"because of {named}, which answers them.",
                path=graph.path_between(step, answer) if answer is not None else None,
            )
        )
    return hits


def _answers_itself(step: Step) -> bool:
    mode = _mode(step)
    return mode not in (_ANSWERED_BY_NODE, "streaming") and not mode.startswith("=")


def _orphaned(answers: list[int], graph: Graph) -> list[Hit]:
    """Nodes that answer where no web request can have started the run."""
    if not answers:
        return []
    askers = [step.index for step in graph.steps if _may_ask(step)]
    asked = reached_from(graph, askers)
    hits = []
    for index in answers:
        step = graph.steps[index]
        if step.version >= 1.1 and index not in asked and graph.is_reachable(step):
            message = (
                f"“{step.label}” answers a web request, but no webhook leads to it: the run fails "
                "here."
            )
            hits.append(Hit([step], message))
    return hits


def _may_ask(step: Step) -> bool:
    """A webhook of any sort, a wait, a start by another workflow, or a type we do not know."""
    if step.spec.kind is Kind.TRIGGER:
        return not step.spec.traits.isdisjoint({Trait.WEBHOOK, Trait.CALLED}) or not step.name
    return step.spec.kind in (Kind.WAIT, Kind.UNKNOWN)
