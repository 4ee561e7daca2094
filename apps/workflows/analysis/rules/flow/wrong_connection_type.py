"""A connection of a kind that does not work.

## Why it matters
n8n passes nothing along such a connection: the AI step runs without this model, memory or tool, or
what should come next never runs.

## How to fix
Remove the connection and draw it again in the editor: models, memories and tools go to the inputs
at the bottom of the AI step, everything else from the right of one step to the left of the next.

## Bad
    {"name": "Answer questions", "nodes": [
      {"id": "1", "name": "Chat", "type": "@n8n/n8n-nodes-langchain.chatTrigger",
       "typeVersion": 1.1, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Agent", "type": "@n8n/n8n-nodes-langchain.agent", "typeVersion": 2,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Model", "type": "@n8n/n8n-nodes-langchain.lmChatOpenAi",
       "typeVersion": 1.2, "position": [200, 200], "parameters": {}}],
     "connections": {
      "Chat": {"main": [[{"node": "Agent", "type": "main", "index": 0}]]},
      "Model": {"main": [[{"node": "Agent", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Answer questions", "nodes": [
      {"id": "1", "name": "Chat", "type": "@n8n/n8n-nodes-langchain.chatTrigger",
       "typeVersion": 1.1, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Agent", "type": "@n8n/n8n-nodes-langchain.agent", "typeVersion": 2,
       "position": [200, 0], "parameters": {}},
      {"id": "3", "name": "Model", "type": "@n8n/n8n-nodes-langchain.lmChatOpenAi",
       "typeVersion": 1.2, "position": [200, 200], "parameters": {}}],
     "connections": {
      "Chat": {"main": [[{"node": "Agent", "type": "main", "index": 0}]]},
      "Model": {"ai_languageModel": [
        [{"node": "Agent", "type": "ai_languageModel", "index": 0}]]}}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Graph, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[N8N],
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    return [
        _hit(graph.steps[index], connection)
        for index, connection in graph.bad_connections
        if graph.steps[index].enabled
    ]


def _hit(step: Step, connection: str) -> Hit:
    if connection == "main":
        message = (
            f"“{step.label}” serves an AI step, but is connected like a step of the flow: "
            "what it offers does not arrive there."
        )
    else:
        message = (
            f"“{step.label}” has a connection of the type “{connection[:60]}”, which n8n does not "
            "know: nothing goes along it."
        )
    return Hit([step], message, param=connection)
