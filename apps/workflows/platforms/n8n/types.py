"""Questions about n8n step types: each is answered for the node's own version and operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.workflows.analysis.graph import UNKNOWN_TYPE, EdgeKind, Kind, StepType, Trait
from apps.workflows.platforms.n8n.facts import Era, TypeFacts, find
from apps.workflows.platforms.n8n.operations import Values
from apps.workflows.platforms.n8n.operations import step_type as spec_of
from apps.workflows.platforms.n8n.outputs import Labels, labels

Port = tuple[EdgeKind, str]
#: The parameter that names the credential itself, by how the HTTP nodes are set to sign in.
_PICKED = {
    "predefinedCredentialType": "nodeCredentialType",
    "genericCredentialType": "genericAuthType",
}


@dataclass(frozen=True, slots=True, eq=False)
class NodeFacts:
    """All that is known about nodes of one type, version and operation.

    ``outputs`` and ``ports`` leave out the error output; where they hang on more parameters than
    can be told apart here, ``counter`` says which rule of ``outputs.py`` counts them. ``special``
    is set where something hangs on the node's own parameters: outputs, a wait, a workflow started.
    """

    spec: StepType
    outputs: int | None = None
    ports: tuple[Port, ...] = ()
    credentials: tuple[str, ...] = ()
    newest: float = 0.0
    counter: str = ""
    wait: tuple[float, str] | None = None
    special: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One version of a type on which parameters bear; ``known`` keeps the answers given."""

    facts: TypeFacts
    version: float
    known: dict[tuple[Any, ...], NodeFacts] = field(default_factory=dict)


_UNKNOWN = NodeFacts(UNKNOWN_TYPE)
#: Packages of the community name their triggers so, as n8n's own check asks of them.
_UNKNOWN_TRIGGER = NodeFacts(StepType(Kind.TRIGGER, traits=frozenset({Trait.STARTS})))
_PLAIN_PORT: Port = (EdgeKind.NEXT, "")
#: The types and versions asked for so far; only those that exist, so that what is kept does not
#: grow with what is sent.
SETTLED: dict[tuple[str, float], NodeFacts | Choice] = {}
_MOST_CHOICES = 256


def node_facts(node_type: str, version: float, params: Mapping[str, Any]) -> NodeFacts:
    """Everything at once, without what ``counter`` leaves open."""
    settled = SETTLED.get((node_type, version))
    if settled is None:
        facts = find(node_type)
        if facts is None:
            return _UNKNOWN_TRIGGER if node_type.endswith("Trigger") else _UNKNOWN
        if not facts.has(version):
            return _resolve(facts, version, params)
        settled = Choice(facts, version) if facts.selectors else _resolve(facts, version, params)
        SETTLED[node_type, version] = settled
    return choose(settled, params) if isinstance(settled, Choice) else settled


def choose(choice: Choice, params: Mapping[str, Any]) -> NodeFacts:
    """The facts for these parameters."""
    given = tuple(map(params.get, choice.facts.selectors))
    try:
        found = choice.known.get(given)
    except TypeError:  # a list or an object, which no key can hold
        return _resolve(choice.facts, choice.version, params)
    if found is None:
        found = _resolve(choice.facts, choice.version, params)
        # Not numbers: 1 and true are one key. Not long text: it is no value that we know.
        if all(v is None or (isinstance(v, str) and len(v) < 64) for v in given):
            if len(choice.known) >= _MOST_CHOICES:
                choice.known.clear()
            choice.known[given] = found
    return found


def step_type(node_type: str, version: float, params: Mapping[str, Any]) -> StepType:
    return node_facts(node_type, version, params).spec


def output_count(node_type: str, version: float, params: Mapping[str, Any]) -> int | None:
    """How many outputs on the flow, the error output left out; ``None`` when not known."""
    return with_ports(node_facts(node_type, version, params), params, version)[0]


def required_credentials(
    node_type: str, version: float, params: Mapping[str, Any]
) -> tuple[str, ...]:
    """The credential types the node cannot run without, as far as the file fixes them."""
    return node_facts(node_type, version, params).credentials


def newest_version(node_type: str) -> float | None:
    """The version that n8n gives to new nodes of this type."""
    facts = find(node_type)
    return None if facts is None else facts.newest


def deprecated(node_type: str) -> str:
    """What to use instead; empty while the type is current, or when it is not known."""
    facts = find(node_type)
    return "" if facts is None else facts.deprecated


def with_ports(
    facts: NodeFacts, params: Mapping[str, Any], version: float
) -> tuple[int | None, tuple[Port, ...]]:
    """How many outputs, and the edges that leave them, once the parameters have been counted."""
    if not facts.counter:
        return facts.outputs, facts.ports
    found = labels(facts.counter, params, version)
    return (None, ()) if found is None else (len(found), _ports(facts.spec.kind, found))


def _resolve(facts: TypeFacts, version: float, params: Mapping[str, Any]) -> NodeFacts:
    era, exact = facts.era(version)
    values = facts.values(era, params)
    credentials = _credentials(era, values) if exact else ()
    spec = spec_of(facts, values, bool(credentials))
    outputs = era.outputs if exact else None
    if facts.tool:
        outputs = 0  # whatever the type it is made from has: a tool stands beside the flow
    counted: Labels = ()
    if isinstance(outputs, tuple):
        counted = outputs
    elif isinstance(outputs, int):
        counted = ("",) * outputs
    return NodeFacts(
        spec,
        None if outputs is None or isinstance(outputs, str) else len(counted),
        _ports(spec.kind, counted),
        credentials,
        facts.newest,
        outputs if isinstance(outputs, str) else "",
        era.wait,
        isinstance(outputs, str) or spec.kind is Kind.WAIT or facts.starts,
    )


def _ports(kind: Kind, names: Labels) -> tuple[Port, ...]:
    return tuple([_port(kind, name) for name in names])


def _port(kind: Kind, label: str) -> Port:
    if not label:
        return _PLAIN_PORT
    if kind is Kind.LOOP:
        return (EdgeKind.LOOP if label == "loop" else EdgeKind.NEXT, label)
    # The second output of a response carries the answer: both are walked, none is chosen.
    return (EdgeKind.NEXT if kind is Kind.RESPOND else EdgeKind.BRANCH, label)


def _credentials(era: Era, values: Values) -> tuple[str, ...]:
    needed = [
        name
        for name, conditions in era.credentials.items()
        if all(values.get(param) in allowed for param, allowed in conditions.items())
    ]
    picked = values.get(_PICKED.get(values.get("authentication") or "", ""))
    if picked and not picked.startswith("="):
        needed.append(picked)
    return tuple(needed)
