"""A call to an address made for trying things out.

## Why it matters
Test addresses answer only while somebody is testing: in live use the data goes nowhere, or to a
page that strangers can read.

## How to fix
Put the address of the live service into the step; for an n8n webhook that is the production URL,
with /webhook/ instead of /webhook-test/.

## Bad
    {"name": "Send order", "active": true, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Send order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://n8n.acme.com/webhook-test/orders"}}],
     "connections": {"Hourly": {"main": [[{"node": "Send order", "type": "main", "index": 0}]]}}}

## Good
    {"name": "Send order", "active": true, "nodes": [
      {"id": "1", "name": "Hourly", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}},
      {"id": "2", "name": "Send order", "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
       "position": [200, 0], "parameters": {"url": "https://n8n.acme.com/webhook/orders"}}],
     "connections": {"Hourly": {"main": [[{"node": "Send order", "type": "main", "index": 0}]]}}}

## Bad (highlevel)
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "hook", "type": "webhook", "name": "Send lead", "order": 0,
       "attributes": {"method": "POST", "url": "https://webhook.site/0f8d1c2e-5a6b"}}]}}

## Good (highlevel)
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "hook", "type": "webhook", "name": "Send lead", "order": 0,
       "attributes": {"method": "POST", "url": "https://crm.acme-tools.com/leads"}}]}}
"""

from apps.workflows.analysis.facts.urls import Url, called
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import NODE_RED, PLATFORMS, Graph, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=PLATFORMS,
)

#: Services that lead from a public address to somebody's own computer for a while.
_TUNNELS = (
    "ngrok.io", "ngrok.app", "ngrok.dev", "ngrok-free.app", "ngrok-free.dev", "loca.lt",
    "localtunnel.me", "serveo.net", "trycloudflare.com", "lhr.life", "localhost.run",
    "tunnelmole.com", "tunnelmole.net", "devtunnels.ms", "pagekite.me", "telebit.io", "bore.pub",
    "expose.dev", "sharedwithexpose.com", "pinggy.link", "pinggy.io", "zrok.io", "tunnel.n8n.io",
)  # fmt: skip
#: Services that show or echo what is sent to them.
_BINS = (
    "webhook.site", "requestbin.com", "requestbin.net", "requestcatcher.com", "hookbin.com",
    "postb.in", "ptsv2.com", "ptsv3.com", "putsreq.com", "requestinspector.com", "beeceptor.com",
    "httpbin.org", "httpbin.dev", "httpbingo.org", "mockbin.org", "mockbin.io", "mocky.io",
    "mockapi.io", "reqres.in", "jsonplaceholder.typicode.com", "postman-echo.com", "smee.io",
    "typedwebhook.tools", "webhook-test.com", "webhookinbox.com",
    "httpdump.app", "rbaskets.in", "mock.pstmn.io",
)  # fmt: skip


@rule.graph
def check(graph: Graph) -> list[Hit]:
    """One finding per host, however many steps call it."""
    calls: dict[str, tuple[Url, dict[int, Step]]] = {}
    for step, url in called(graph):
        if _what(url):
            _, steps = calls.setdefault(url.host, (url, {}))
            steps[step.index] = step
    return [_hit(url, list(steps.values()), graph) for url, steps in calls.values()]


def _hit(url: Url, steps: list[Step], graph: Graph) -> Hit:
    mild = graph.active is False or (url.is_local and graph.platform == NODE_RED)
    call = "calls" if len(steps) == 1 else "call"
    return Hit(
        steps,
        f"{names(steps)} {call} {url.shown}: {_what(url)}.",
        param=url.host,
        severity=Severity.LOW if mild else None,
    )


def _what(url: Url) -> str:
    """What sort of test address it is; empty for others."""
    if url.is_local:
        return "that is the computer the workflow runs on, not a service"
    if "/webhook-test/" in url.path:
        return "n8n answers there only while somebody tests the workflow in the editor"
    if _belongs(url.host, _TUNNELS):
        return "that is a tunnel to somebody’s own computer and ends when it does"
    if _belongs(url.host, _BINS):
        return "that is a service for trying out requests, and nothing there acts on the data"
    return ""


def _belongs(host: str, names: tuple[str, ...]) -> bool:
    return host.endswith(names) and any(host == name or host.endswith("." + name) for name in names)
