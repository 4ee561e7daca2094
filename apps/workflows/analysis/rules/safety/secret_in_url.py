"""A key or password written into an address.

## Why it matters
Addresses are kept in logs, proxies and error messages on both sides, and shared in screenshots: who
reads one of them has the key.

## How to fix
Take the value out of the address and send it in a header, from the step’s credential; then replace
the key, for it has been seen.

## Bad
    {"name": "Weather", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Forecast", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0],
       "parameters": {"url": "https://api.weather-tools.com/v1/daily?apikey=9f3c2a7be41d"}}],
     "connections": {"Start": {"main": [[{"node": "Forecast", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Weather", "active": false, "nodes": [
      {"id": "1", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
       "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Forecast", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0],
       "parameters": {"url": "=https://api.weather-tools.com/v1/daily?apikey={{ $vars.key }}"}}],
     "connections": {"Start": {"main": [[{"node": "Forecast", "type": "main", "index": 0}]]}}}
"""

from apps.workflows.analysis.facts.secrets import query_secrets
from apps.workflows.analysis.facts.urls import Url, texts_with_urls, urls_in
from apps.workflows.analysis.findings import Confidence, Hit, Severity, masked
from apps.workflows.analysis.graph import PLATFORMS, Graph, Step
from apps.workflows.analysis.rule import Rule

#: How the names of secrets in addresses end.
_MARKS = ("key=", "token=", "secret=", "password=", "passwd=", "pwd=", "auth", "appid=", "sig")

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    found: dict[tuple[int, str], Hit] = {}
    for step, parameter, text in texts_with_urls(graph):
        if "?" in text and _may_hold(text.lower()):
            for url in urls_in(text, parameter):
                for name, value in query_secrets(url.query):
                    found[step.index, name] = _hit(step, url, name, value)
    return list(found.values())


def _may_hold(lower: str) -> bool:
    return any(mark in lower for mark in _MARKS)


def _hit(step: Step, url: Url, name: str, value: str) -> Hit:
    return Hit(
        [step],
        f"“{step.label}” writes a secret into an address: {name}={masked(value)} at {url.host}.",
        param=name,
    )
