"""Messages of one channel with no delay between them.

## Why it matters
The contact gets them in the same second. It looks like a mistake, and the second one is what makes
people opt out.

## How to fix
Put a “Wait” step between the messages, or write them as one.

## Bad
    {"name": "Welcome", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Welcome", "order": 0, "next": "t",
       "attributes": {"body": "Welcome to Acme Dental."}},
      {"id": "t", "type": "add_contact_tag", "name": "Tag", "order": 1, "next": "s2",
       "attributes": {"tags": ["welcomed"]}},
      {"id": "s2", "type": "sms", "name": "Book", "order": 2,
       "attributes": {"body": "Book your first visit with us."}}]}}

## Good
    {"name": "Welcome", "status": "published", "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Welcome", "order": 0, "next": "w",
       "attributes": {"body": "Welcome to Acme Dental."}},
      {"id": "w", "type": "wait", "name": "One day", "order": 1, "next": "s2",
       "attributes": {"type": "time", "startAfter": {"type": "days", "value": 1}}},
      {"id": "s2", "type": "sms", "name": "Book", "order": 2,
       "attributes": {"body": "Book your first visit with us."}}]}}
"""

from collections import deque

from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step, Trait
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)

#: Spoken channels: a call takes its time, so what stands around one is not sent in one go.
_SPOKEN = frozenset({"call", "voicemail"})
_WORDS = {"sms": "texts", "email": "e-mails", "whatsapp": "WhatsApp messages"}


@rule.graph
def check(graph: Graph) -> list[Hit]:
    by_channel: dict[str, list[Step]] = {}
    for step in graph.of_kind(Kind.MESSAGE):
        channel = step.spec.channel
        if channel and channel not in _SPOKEN and graph.is_reachable(step):
            by_channel.setdefault(channel, []).append(step)
    return [
        hit
        for channel, messages in sorted(by_channel.items())
        if len(messages) > 1
        for hit in _hits(graph, channel, messages)
    ]


def _hits(graph: Graph, channel: str, messages: list[Step]) -> list[Hit]:
    """One finding per run of messages that nothing holds apart."""
    pairs = _pairs(graph, messages)
    roots: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for second in sorted(pairs):
        groups.setdefault(_root(second, pairs, roots), []).append(second)
    hits = []
    for root, seconds in sorted(groups.items()):
        first = graph.steps[root]
        others = [graph.steps[index] for index in seconds]
        way = next(pairs[index] for index in seconds if pairs[index][0] == root)
        walk = graph.path_to(first) + [graph.steps[index] for index in way[1:]]
        word = _WORDS.get(channel, "messages")
        message = (
            f"The {word} {names([first, *others])} go out with no delay between them: no wait "
            "lies on the way from one to the next."
        )
        hits.append(Hit([first, *others], message, path=walk))
    return hits


def _root(second: int, pairs: dict[int, list[int]], roots: dict[int, int]) -> int:
    trail = []
    index = second
    while index in pairs and index not in roots:
        trail.append(index)
        index = pairs[index][0]
    root = roots.get(index, index)
    roots.update(dict.fromkeys(trail, root))
    return root


def _pairs(graph: Graph, messages: list[Step]) -> dict[int, list[int]]:
    """For a message that follows another without a wait: the way to it from that one.

    One search from all messages at once, so that every step is visited once per channel.
    """
    sent = {step.index for step in messages}
    came_by: dict[int, int] = {}
    depths = _depths(graph)
    queue: deque[tuple[int, int, int]] = deque()  # step, the one before it, the message behind
    for step in messages:
        if Trait.WAITS_FOR_REPLY not in step.spec.traits:
            queue.extend((edge.target, step.index, step.index) for edge in graph.out[step.index])
    found: dict[int, list[int]] = {}
    while queue:
        index, before, first = queue.popleft()
        if index in sent:
            if index != first and index not in found and _is_forward(depths, first, index):
                found[index] = _way(first, before, index, came_by)
        elif index not in came_by:
            came_by[index] = before
            if _lets_pass(graph.steps[index]):
                queue.extend((edge.target, index, first) for edge in graph.out[index])
    return found


def _way(first: int, before: int, second: int, came_by: dict[int, int]) -> list[int]:
    way = [second]
    index = before
    while index != first:
        way.append(index)
        index = came_by[index]
    way.append(first)
    way.reverse()
    return way


def _depths(graph: Graph) -> dict[int, tuple[int, int]]:
    """For every step on a loop: which one, and how far from an entry the step lies."""
    if not graph.loops:
        return {}
    depth = dict.fromkeys(graph.entries, 0)
    queue = deque(graph.entries)
    while queue:
        index = queue.popleft()
        for edge in graph.out[index]:
            if edge.target not in depth:
                depth[edge.target] = depth[index] + 1
                queue.append(edge.target)
    return {
        step.index: (number, depth.get(step.index, 0))
        for number, loop in enumerate(graph.loops)
        for step in loop
    }


def _is_forward(depths: dict[int, tuple[int, int]], first: int, second: int) -> bool:
    """False for the way back in a loop, which is another rule's matter."""
    here, there = depths.get(first), depths.get(second)
    if here is None or there is None or here[0] != there[0]:
        return True
    return (here[1], first) < (there[1], second)


def _lets_pass(step: Step) -> bool:
    """Whether contacts go through this step without being held, as far as we know its type."""
    if not step.enabled:
        return True
    if step.wait is not None:
        return not step.wait.holds
    kind = step.spec.kind
    if kind is Kind.GOAL:  # whoever has not met it leaves here, unless told to go on
        return step.params.get("action") == "continue"
    if kind is Kind.UNKNOWN or step.spec.channel in _SPOKEN:
        return False
    return Trait.WAITS_FOR_REPLY not in step.spec.traits
