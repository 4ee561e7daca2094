"""The first text says nothing about opting out.

## Why it matters
Carriers expect the first text to say how to stop, and people who do not know how report the number
as spam instead.

## How to fix
Add “Reply STOP to opt out” to the first text, or switch on the account setting that appends it.

## Bad
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Hello", "order": 0,
       "attributes": {"body": "Acme Dental: your quote is ready."}}]}}

## Good
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Hello", "order": 0,
       "attributes": {"body": "Acme Dental: your quote is ready. Reply STOP to opt out."}}]}}
"""

import re

from apps.workflows.analysis.facts.messages import first_texts, has_template, without_tokens, words
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.TENTATIVE,
    platforms=[HIGHLEVEL],
)

_WAYS_OUT = re.compile(
    r"\b(?:stop|stopall|end|cancel|quit|arr[eê]t|alto|baja|abmelden)\b",
    re.IGNORECASE,
)
#: Words that also have an everyday meaning count only as what to reply.
_EVERYDAY = re.compile(r"\b(?:reply|text|send|respond|answer|antworte|responde)\b", re.IGNORECASE)
_PLAIN = re.compile(r"\bSTOP\b|\bunsubscribe\b|\bopt[ -]?out\b|\bopt[ -]?in\b", re.IGNORECASE)


@rule.graph
def check(graph: Graph) -> Hit | None:
    texts = [step for step in first_texts(graph) if not _says_how_to_stop(step)]
    if not texts:
        return None
    return Hit(
        texts,
        f"The first text a contact gets may be {names(texts)}: it does not say how to opt out.",
        anchored=False,
    )


def _says_how_to_stop(step: Step) -> bool:
    """True as well where the words are not in the file."""
    text = words(step)
    if text is None or has_template(step) or not without_tokens(text).strip():
        return True
    if _PLAIN.search(text):
        return True
    return bool(_WAYS_OUT.search(text) and _EVERYDAY.search(text))
