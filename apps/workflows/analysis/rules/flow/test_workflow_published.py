"""A live workflow that is named as a test.

## Why it matters
It runs for real contacts although its name says that it was never meant to: people get messages
twice, or ones that were written to try something out.

## How to fix
Unpublish the workflow if it was only a trial; if it is in use, give it a name that says what it
does.

## Bad
    {"name": "Lead intake (copy)", "status": "published", "workflowData": {"templates": [
      {"id": "hello", "type": "sms", "name": "Say hello", "order": 0,
       "attributes": {"body": "Hi, this is Acme Dental. How can we help?"}}]}}

## Good
    {"name": "Lead intake", "status": "published", "workflowData": {"templates": [
      {"id": "hello", "type": "sms", "name": "Say hello", "order": 0,
       "attributes": {"body": "Hi, this is Acme Dental. How can we help?"}}]}}

## Bad (n8n)
    {"name": "Orders TEST", "active": true, "nodes": [
      {"id": "1", "name": "Every hour", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}}], "connections": {}}

## Good (n8n)
    {"name": "Orders TEST", "active": false, "nodes": [
      {"id": "1", "name": "Every hour", "type": "n8n-nodes-base.scheduleTrigger",
       "typeVersion": 1.2, "position": [0, 0], "parameters": {}}], "connections": {}}
"""

import re

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, N8N, Graph
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL, N8N],
)

#: Words on their own (“contest” and “protest” are none); a number may follow, as in “test2”.
_TRIAL = re.compile(
    r"(?<![^\W\d_])(tests?|testing|sandbox|deprecated|obsolete|tmp|wip|dummy|do not use)"
    r"\d*(?![^\W\d_])",
    re.IGNORECASE,
)
#: Words that name real work as well (“Delete old files”, “Copy rows”, “Write ad copy”): only where
#: they stand apart from the rest of the name.
_APART = re.compile(
    r"^\W*(old)(?![^\W\d_])|^\W*(copy)(?= of\b|\d*\s*(?:[^\w\s]|\d|$))"
    r"|[(\[{](old|copy)\d*[)\]}]|(?<![^\W\d_])(old|copy)[\s\d)\]}.#_-]*(?:v\d+)?$",
    re.IGNORECASE,
)
_TESTED = (
    "a/b|split|multivariate|blood|eye|vision|hearing|drug|skin|allergy|covid|pregnancy|dna|fitness"
    "|speed|driving|language|placement|personality|aptitude|water|soil|lab|genetic|regression|load"
    "|unit|usability|performance|penetration"
)
_AFTER_TEST = "drives?|driving|results?|prep|kits?|takers?|bookings?|appointments?|scores?"
_AFTER_OLD = "leads|customers|clients|contacts|patients|members|students|subscribers"
_TEXTS = "ads?|sales|web|website|e-?mail|marketing|product|page|social|blog|post|body"
#: Names of real work that hold such a word.
_REAL = re.compile(
    rf"\b(?:(?:{_TESTED})[ -]test(?:s|ing)?|test[ -](?:{_AFTER_TEST})"
    rf"|old[ -](?:{_AFTER_OLD})|(?:{_TEXTS})[ -]copy)\b",
    re.IGNORECASE,
)
_LONGEST = 300


@rule.graph
def check(graph: Graph) -> Hit | None:
    if graph.active is not True:
        return None
    name = _REAL.sub(" · ", graph.name[:_LONGEST])
    match = _TRIAL.search(name) or _APART.search(name)
    if match is None:
        return None
    word = next(group for group in match.groups() if group)
    return Hit(
        [],
        f"“{graph.name[:_LONGEST]}” is live, but the word “{word}” in its name says it is not "
        "meant to be.",
    )
