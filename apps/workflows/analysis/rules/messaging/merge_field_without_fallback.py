"""A greeting that may have a hole in it.

## Why it matters
Contacts without a first name read “Hi ,”: the message shows at once that nobody wrote it.

## How to fix
In e-mails give the field a default ({{default contact.first_name \"there\"}}); elsewhere ask in an
if/else whether the name is there, or greet without it.

## Bad
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Thanks", "order": 0,
       "attributes": {"body": "Hi {{contact.first_name}}, thank you for your order."}}]}}

## Good
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "a", "type": "sms", "name": "Thanks", "order": 0,
       "attributes": {"body": "Hi there, thank you for your order."}}]}}
"""

from apps.workflows.analysis.facts.messages import content, is_email, subject, tokens
from apps.workflows.analysis.facts.reach import reached_from
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step, strings
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)

#: The name fields that greetings use; whoever has none leaves a hole.
_GREETED = frozenset(
    {"contact.first_name", "contact.firstname", "contact.name", "contact.full_name"}
    | {"contact.last_name", "contact.lastname"}
)
_FIELDS = frozenset(name.removeprefix("contact.") for name in _GREETED) | {"firstName", "fullName"}


@rule.graph
def check(graph: Graph) -> list[Hit]:
    if "{{" not in graph.text:
        return []
    greeting = [step for step in graph.of_kind(Kind.MESSAGE) if "{{" in step.text]
    subjects = [step for step in greeting if is_email(step) and _greets(subject(step))]
    bodies = [step for step in greeting if _greets(content(step)) and step not in subjects]
    if not subjects and not bodies:
        return []
    guarded = _guarded(graph)
    hits = []
    for steps, where, severity in (
        (subjects, "the subject of", Severity.MEDIUM),
        (bodies, "the text of", Severity.LOW),
    ):
        steps = [step for step in steps if step.index not in guarded]
        if steps:
            message = (
                f"A name stands in {where} {names(steps)} with nothing in its place for contacts "
                "who have none."
            )
            hits.append(Hit(steps, message, param=where, severity=severity, anchored=False))
    return hits


def _greets(text: object) -> bool:
    return isinstance(text, str) and any(token.strip() in _GREETED for token in tokens(text))


def _guarded(graph: Graph) -> set[int]:
    """Indexes of the steps behind a condition that asks for the name."""
    asking = [step.index for step in graph.of_kind(Kind.BRANCH) if _asks_for_name(step)]
    return reached_from(graph, asking)


def _asks_for_name(branch: Step) -> bool:
    return any(text.removeprefix("contact.") in _FIELDS for text in strings(branch.params))
