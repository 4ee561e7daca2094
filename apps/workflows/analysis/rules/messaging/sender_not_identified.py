"""The first text does not say who it is from.

## Why it matters
A text from an unknown number without a name is taken for spam: it is ignored, or the number is
reported.

## How to fix
Name the business in the first text, as words or with {{location.name}}.

## Bad
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Hello", "order": 0,
       "attributes": {"body": "Hi {{contact.first_name}}, your quote is ready."}}]}}

## Good
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Hello", "order": 0,
       "attributes": {"body": "Hi {{contact.first_name}}, your quote from Acme is ready."}}]}}
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

_NAMING = ("{{location.", "{{custom_values.", "{{user.", "{{company.", "{{account.", "{{calendar.")
#: Capitals that name nobody.
_COMMON = frozenset(
    {"I", "I'm", "I'll", "I've", "I'd", "STOP", "START", "HELP", "YES", "NO", "Y", "N", "OK"}
    | {"AM", "PM", "SMS", "URL", "ID", "FAQ", "PDF", "FREE", "NEW", "NOW", "Stop", "Reply", "Yes"}
    | {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January"}
    | {"February", "March", "April", "May", "June", "July", "August", "September", "October"}
    | {"November", "December", "Christmas", "Easter", "Hi", "Hello", "Hey", "Dear", "Thanks"}
)
_WORD = re.compile(r"[^\W\d_][\w'’&-]*")
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:;\n\r…\-–—|()\"“]|\}\},?!?)\s*$")
_LABEL = re.compile(r"\s*[A-Z][\w'’&. ]{1,40}\s?[:|\-–—]\s")
_SIGNED = re.compile(
    r"[\n\-–—~][ \t]{0,9}(?:the )?[A-Z][\w'’&]+(?: [\w'’&]+){0,4}[ \t\r]{0,9}(?:\n|$)"
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    texts = [step for step in first_texts(graph) if not _names_sender(step)]
    if not texts:
        return None
    return Hit(
        texts,
        f"The first text a contact gets may be {names(texts)}: it does not say who writes.",
        anchored=False,
    )


def _names_sender(step: Step) -> bool:
    """True as well where the words are not in the file, or another step wrote them."""
    text = words(step)
    if text is None or has_template(step):
        return True
    if any(token in text.replace("{{ ", "{{") for token in _NAMING):
        return True
    if not without_tokens(text).strip(" ,.!"):
        return True
    if _LABEL.match(text) or _SIGNED.search(text):
        return True
    return any(
        match[0][0].isupper()
        and match[0] not in _COMMON
        and not _STARTS_SENTENCE.search(text[max(match.start() - 12, 0) : match.start()])
        for match in _WORD.finditer(text[:2000])
    )
