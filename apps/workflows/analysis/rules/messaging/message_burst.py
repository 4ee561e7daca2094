"""More than three texts within a day.

## Why it matters
Contacts who get that many texts in one day block the number or complain, and carriers treat it as
spam: later texts are held back for every contact of the account.

## How to fix
Spread the texts: put waits of a day between them, merge two into one, or send one as an e-mail.

## Bad
    {"name": "Open house", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Invite", "order": 0, "next": "w1",
       "attributes": {"body": "Our open house is on Saturday."}},
      {"id": "w1", "type": "wait", "name": "Two hours", "order": 1, "next": "s2",
       "attributes": {"type": "time", "startAfter": {"type": "hours", "value": 2}}},
      {"id": "s2", "type": "sms", "name": "Address", "order": 2, "next": "w2",
       "attributes": {"body": "The address is 5 Elm Street."}},
      {"id": "w2", "type": "wait", "name": "Two more hours", "order": 3, "next": "s3",
       "attributes": {"type": "time", "startAfter": {"type": "hours", "value": 2}}},
      {"id": "s3", "type": "sms", "name": "Parking", "order": 4, "next": "w3",
       "attributes": {"body": "You can park behind the house."}},
      {"id": "w3", "type": "wait", "name": "Again two hours", "order": 5, "next": "s4",
       "attributes": {"type": "time", "startAfter": {"type": "hours", "value": 2}}},
      {"id": "s4", "type": "sms", "name": "See you", "order": 6,
       "attributes": {"body": "See you on Saturday!"}}]}}

## Good
    {"name": "Open house", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Invite", "order": 0, "next": "w1",
       "attributes": {"body": "Our open house is on Saturday."}},
      {"id": "w1", "type": "wait", "name": "Two hours", "order": 1, "next": "s2",
       "attributes": {"type": "time", "startAfter": {"type": "hours", "value": 2}}},
      {"id": "s2", "type": "sms", "name": "Address", "order": 2, "next": "w2",
       "attributes": {"body": "The address is 5 Elm Street."}},
      {"id": "w2", "type": "wait", "name": "Two more hours", "order": 3, "next": "s3",
       "attributes": {"type": "time", "startAfter": {"type": "hours", "value": 2}}},
      {"id": "s3", "type": "sms", "name": "Parking", "order": 4, "next": "w3",
       "attributes": {"body": "You can park behind the house."}},
      {"id": "w3", "type": "wait", "name": "A day", "order": 5, "next": "s4",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 1}}},
      {"id": "s4", "type": "sms", "name": "See you", "order": 6,
       "attributes": {"body": "See you on Saturday!"}}]}}
"""

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule, names
from apps.workflows.analysis.walk import REMEMBERED, Walk, is_text

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    options={"hours": 24},
)


@rule.graph
def check(graph: Graph) -> list[Hit]:
    if sum(map(is_text, graph.of_kind(Kind.MESSAGE))) <= REMEMBERED:
        return []
    walk = graph.shared(Walk)
    within = rule.option(graph, "hours") * 60
    bursts = [step for step in graph.steps if _ends_burst(step, walk, within)]
    return [_hit(walk, step, within) for step in bursts if not _continues(graph, step, bursts)]


def _ends_burst(step: Step, walk: Walk, within: float) -> bool:
    moment = walk.arrival[step.index]
    return moment is not None and is_text(step) and moment.ages[REMEMBERED - 1] < within


def _continues(graph: Graph, step: Step, bursts: list[Step]) -> bool:
    """Whether the fourth text was reported already: the fifth is the same burst."""
    others = {other.index for other in bursts} - {step.index}
    return not others.isdisjoint(graph.before(step)) and not others <= graph.after(step)


def _hit(walk: Walk, step: Step, within: float) -> Hit:
    trail = walk.text_trail(step, REMEMBERED)
    texts = [each for each in trail if is_text(each)][-REMEMBERED - 1 :]
    return Hit(
        [step, *(each for each in texts if each is not step)],
        f"The texts {names(texts)} all reach the contact within {within / 60:g} hours.",
        path=trail,
    )
