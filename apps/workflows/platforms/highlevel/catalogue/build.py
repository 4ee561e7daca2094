"""Short ways to write a step type down, so that the tables below read like a list."""

from __future__ import annotations

from apps.workflows.analysis.graph import Kind, StepType, Trait

SENDS = Trait.SENDS
CHARGES = Trait.CHARGES
WRITES = Trait.WRITES
CALLS = Trait.CALLS
CONTACT = Trait.NEEDS_CONTACT
WAITS = Trait.WAITS_FOR_REPLY
MULTIPATH = Trait.MULTIPATH
FOREIGN = Trait.FOREIGN


def step(
    kind: Kind, label: str, *traits: Trait, channel: str = "", deprecated: str = ""
) -> StepType:
    return StepType(kind, label, frozenset(traits), channel, deprecated)


def message(label: str, channel: str, *more: Trait) -> StepType:
    """A message to the contact."""
    return step(Kind.MESSAGE, label, SENDS, CONTACT, *more, channel=channel)


def bot(label: str, *more: Trait) -> StepType:
    """An AI that writes to the contact."""
    return step(Kind.AI, label, SENDS, CONTACT, *more, channel="conversation")


def record(label: str, *more: Trait, deprecated: str = "") -> StepType:
    """A change to the contact or to something that hangs on the contact."""
    return step(Kind.WRITE, label, WRITES, CONTACT, *more, deprecated=deprecated)


def trigger(label: str, *more: Trait, deprecated: str = "") -> StepType:
    """A start of the workflow; ``NEEDS_CONTACT`` means here that it brings a contact."""
    return step(Kind.TRIGGER, label, Trait.STARTS, CONTACT, *more, deprecated=deprecated)


def foreign(label: str, kind: Kind, *traits: Trait) -> StepType:
    """A trigger or step of an app outside the platform."""
    return step(kind, label, FOREIGN, CALLS, *traits)


def worded(app: str, key: str, prefixes: tuple[str, ...]) -> str:
    """A label from a key: ``lc_jira_add_comment`` of Jira is “Jira: add comment”."""
    for prefix in prefixes:
        key = key.removeprefix(prefix)
    return f"{app}: {key.replace('_', ' ').replace('-', ' ')}"
