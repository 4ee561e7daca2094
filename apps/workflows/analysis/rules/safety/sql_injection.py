"""A database query put together from data.

## Why it matters
Whoever sends the data can change the query: a name with a quote in it breaks the run, and a crafted
one reads or deletes what it likes.

## How to fix
Write $1, $2 and so on into the query and give the values under “Query Parameters” in the step’s
options.

## Bad
    {"name": "Find customer", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Find", "type": "n8n-nodes-base.postgres", "typeVersion": 2.5,
       "position": [200, 0], "credentials": {"postgres": {"id": "1", "name": "Shop"}},
       "parameters": {"operation": "executeQuery", "options": {},
        "query": "=SELECT * FROM customers WHERE email = '{{ $json.email }}'"}}],
     "connections": {"Start": {"main": [[{"node": "Find", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Find customer", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Find", "type": "n8n-nodes-base.postgres", "typeVersion": 2.5,
       "position": [200, 0], "credentials": {"postgres": {"id": "1", "name": "Shop"}},
       "parameters": {"operation": "executeQuery",
        "options": {"queryReplacement": "={{ $json.email }}"},
        "query": "SELECT * FROM customers WHERE email = $1"}}],
     "connections": {"Start": {"main": [[{"node": "Find", "type": "main", "index": 0}]]}}}
"""

import re
from typing import Any

from apps.workflows.analysis.facts.expressions import expressions_in
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import N8N, Graph, Step, Trait
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[N8N],
)

_QUERIES = ("query", "sqlQuery", "sql")
#: Where the versions of the database steps keep the parameters of a query.
_PARAMETERS = frozenset(
    {"queryReplacement", "queryParams", "queryParameters", "queryParametersUi", "queryReplacements"}
)
#: What brings data into an expression. Times, variables of the instance and the run’s own number
#: are no data from outside.
_DATA = re.compile(
    r"\$(?:json|node|items?|input|binary|data|fromAI|parameter|jmespath|getNodeParameter)\b|\$\("
)


@rule.step()
def check(step: Step, graph: Graph) -> Hit | None:
    if Trait.SQL not in step.spec.traits:
        return None
    query = next((step.params[name] for name in _QUERIES if name in step.params), None)
    if not isinstance(query, str) or "{{" not in query or _has_parameters(step.params):
        return None
    if not any(_DATA.search(code) for code in expressions_in(query)):
        return None
    return Hit(
        [step],
        f"“{step.label}” writes data into the text of its query, so the data can change what the "
        "query does.",
    )


def _has_parameters(params: Any) -> bool:
    """Whether the step hands values to the query beside its text."""
    places = [params, params.get("options"), params.get("additionalFields")]
    return any(
        place.get(name) not in (None, "", [], {})
        for place in places
        if isinstance(place, dict)
        for name in _PARAMETERS
    )
