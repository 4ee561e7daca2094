"""What one step does, by its type and the operation it is set to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from apps.workflows.analysis.graph import Kind, StepType, Trait
from apps.workflows.platforms.n8n.facts import WRITING, TypeFacts

_FIRST_WORD = re.compile(r"[a-z]+")
_WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: Modes in which a vector store serves another step instead of standing on the flow.
_SERVING = frozenset({"retrieve", "retrieve-as-tool"})
_STARTS = {
    "manual": frozenset({Trait.MANUAL}),
    "called": frozenset({Trait.CALLED}),
    "error": frozenset({Trait.ON_ERROR}),
    # Forms, chats and MCP servers take web requests too, but bring a check of their own (or a
    # public page on purpose): a rule about open webhooks has to look at the type as well.
    "webhook": frozenset({Trait.STARTS, Trait.WEBHOOK}),
    "starts": frozenset({Trait.STARTS}),
}
#: Where the facts name operations, and what that makes them.
_NAMED = {
    "sends": Trait.SENDS,
    "charges": Trait.CHARGES,
    "sql": Trait.SQL,
    "waits": Trait.WAITS_FOR_REPLY,
    "branches": Trait.MULTIPATH,
    "writes": Trait.WRITES,
}

Values = Mapping[str, str | None]


def step_type(facts: TypeFacts, values: Values, needs_credentials: bool) -> StepType:
    """The facts that rules share about a step of this type with these parameter values."""
    traits = _traits(facts, values)
    if needs_credentials:
        traits.add(Trait.NEEDS_CREDENTIALS)
    kind = _kind(facts, values, traits)
    if kind is Kind.SUBNODE:
        # What a sub-node cannot reach, the step it serves reports and handles.
        traits.discard(Trait.CALLS)
    channel = _channel(facts, values) if Trait.SENDS in traits else ""
    return _shared(kind, facts.label, frozenset(traits), channel, facts.deprecated)


@lru_cache(maxsize=4096)
def _shared(
    kind: Kind, label: str, traits: frozenset[Trait], channel: str, deprecated: str
) -> StepType:
    return StepType(kind, label, traits, channel, deprecated)


def _traits(facts: TypeFacts, values: Values) -> set[Trait]:
    if facts.trigger:
        return set(_STARTS[facts.trigger]) | ({Trait.RISKY} if facts.risky else set())
    if facts.tool == "approval":
        return {Trait.SENDS, Trait.WAITS_FOR_REPLY}
    traits = _effects(facts, values)
    if not facts.local:
        traits.add(Trait.CALLS)
    if facts.risky:
        traits.add(Trait.RISKY)
    return traits


def _operation(values: Values) -> str:
    """The operation; what other types call so, vector stores call a mode."""
    return values.get("operation") or values.get("mode") or ""


def _effects(facts: TypeFacts, values: Values) -> set[Trait]:
    operation = _operation(values)
    if facts.channel and operation == "sendAndWait":
        return {Trait.SENDS, Trait.WAITS_FOR_REPLY}
    if facts.method:
        method = next((values[name] for name in facts.method if name in values), None)
        return {Trait.WRITES} if method in _WRITING_METHODS else set()
    for key, trait in _NAMED.items():
        if _is_named(facts, key, values):
            return {trait}
    return {Trait.WRITES} if _writes(facts, operation) else set()


def _is_named(facts: TypeFacts, key: str, values: Values) -> bool:
    """Whether the facts name this operation under ``key``."""
    names = facts.operations.get(key)
    if names is None:
        return False
    operation = _operation(values)
    return operation in names or f"{values.get('resource')}.{operation}" in names


def _writes(facts: TypeFacts, operation: str) -> bool:
    """Whether the operation's name says that it changes something in an app."""
    if facts.local or facts.kind is not None:
        return False
    word = _FIRST_WORD.match(operation)
    return operation in WRITING or (word is not None and word[0] in WRITING)


def _kind(facts: TypeFacts, values: Values, traits: set[Trait]) -> Kind:
    if facts.tool or values.get("mode") in _SERVING:
        return Kind.SUBNODE
    if facts.trigger:
        return Kind.TRIGGER
    if Trait.MULTIPATH in traits:
        return Kind.BRANCH
    if facts.kind is not None:
        return facts.kind
    if Trait.SENDS in traits:
        return facts.message
    if facts.method:
        return Kind.CALL
    if Trait.WRITES in traits or Trait.CHARGES in traits:
        return Kind.WRITE
    return Kind.STEP if facts.local else Kind.CALL


def _channel(facts: TypeFacts, values: Values) -> str:
    if isinstance(facts.channel, str):
        return facts.channel
    return facts.channel.get(values.get("resource") or "", "")
