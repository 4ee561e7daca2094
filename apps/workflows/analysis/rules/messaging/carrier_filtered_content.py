"""A text that carriers are likely to block.

## Why it matters
Carriers filter texts with public link shorteners and certain topics without a word: the message
counts as sent, and nobody gets it. Repeated, it puts the number on a list.

## How to fix
Use the full address or your own short domain (HighLevel can set one up) in place of the public
shortener, and say it without the restricted words.

## Bad
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Book", "order": 0,
       "attributes": {"body": "Book your visit: https://bit.ly/3xYzAb"}}]}}

## Good
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Book", "order": 0,
       "attributes": {"body": "Book your visit: https://acme-dental.com/book"}}]}}
"""

import re

from apps.workflows.analysis.facts.messages import words
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.FIRM,
    platforms=[HIGHLEVEL],
)

_SHORTENERS = (
    *("bit.ly", "tinyurl.com", "goo.gl", "t.co", "ow.ly", "is.gd", "buff.ly", "cutt.ly"),
    *("shorturl.at", "tiny.cc", "rb.gy", "t.ly", "bl.ink", "v.gd", "rebrand.ly", "shorte.st"),
    *("adf.ly", "tiny.one", "soo.gd", "s.id", "clck.ru", "qr.ae", "bitly.com", "short.io"),
)
#: The first letter of each decides at most places, quicker than trying them one by one.
_LINK = re.compile(
    r"(?<![\w@.-])(?=[a-z])(?:https?://)?(?:www\.)?("
    + "|".join(re.escape(host) for host in _SHORTENERS)
    + r")/[\w-]",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\b(cannabis|marijuana|cbd|thc|kratom|vape|vapes|vaping|e-cigarettes?|tobacco|casino|gambling"
    r"|sports? betting|firearms?|ammunition|payday loans?|debt (?:relief|forgiveness|consolidation)"
    r"|escort service|viagra|cialis|get rich quick|free money)\b",
    re.IGNORECASE,
)


@rule.step(Kind.MESSAGE)
def check(step: Step, graph: Graph) -> list[Hit]:
    if step.spec.channel != "sms":
        return []
    text = words(step) or ""
    hits = []
    links = sorted({match[1].lower() for match in _LINK.finditer(text)}) if "/" in text else []
    if links:
        hits.append(
            Hit(
                [step],
                f"“{step.label}” holds a link of a public shortener ({', '.join(links)}), which "
                "carriers filter.",
                param="shortener",
            )
        )
    if topics := sorted({match[1].lower() for match in _TOPIC.finditer(text)}):
        hits.append(
            Hit(
                [step],
                f"“{step.label}” speaks of what carriers restrict ({', '.join(topics)}).",
                param="topic",
            )
        )
    return hits
