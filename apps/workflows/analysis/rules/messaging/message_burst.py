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

from apps.workflows.analysis.facts.moments import REMEMBERED, is_text
from apps.workflows.analysis.facts.walk import Walk
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule, names

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
    texts = [step for step in graph.of_kind(Kind.MESSAGE) if is_text(step)]
    if not texts or (len(texts) <= REMEMBERED and not graph.loops):
        return []
    walk = graph.shared(Walk)
    within = rule.option(graph, "hours") * 60
    ends = [step for step in texts if _ends_burst(step, walk, within)]
    return [_hit(walk, steps, within) for steps in _bursts(walk, ends)]


def _ends_burst(step: Step, walk: Walk, within: float) -> bool:
    """Whether this is the fourth text, or a later one, within the time."""
    moment = walk.arrival[step.index]
    return moment is not None and moment.texts[-1][0] < within


def _bursts(walk: Walk, ends: list[Step]) -> list[list[Step]]:
    """The fourth texts, those that follow the same first one together.

    A text right behind one that ends a burst is more of the same.
    """
    seen = set()
    found: dict[int, list[Step]] = {}
    for step in sorted(ends, key=lambda step: walk.place[step.index]):
        moment = walk.arrival[step.index]
        if moment is not None and moment.texts[0][1] not in seen:
            found.setdefault(moment.texts[-1][1], []).append(step)
        seen.add(step.index)
    return [found[first] for first in sorted(found)]


def _hit(walk: Walk, ends: list[Step], within: float) -> Hit:
    trail, texts = walk.texts(ends[0])
    several = list(dict.fromkeys(texts))
    most = f"within {within / 60:g} hours"
    if len(several) > REMEMBERED:
        message = f"The texts {names(several)} all reach the contact {most}."
    else:
        again = "reaches" if len(several) == 1 else "reach"
        message = (
            f"{names(several)} {again} the contact over and over: the flow comes back, and more "
            f"than three texts go out {most}."
        )
    others = [step for step in several if step is not ends[0]]
    return Hit([*ends, *others], message, path=trail)
