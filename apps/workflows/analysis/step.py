"""The steps of a workflow: what kinds there are, and what is known about one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

HIGHLEVEL = "highlevel"
N8N = "n8n"
NODE_RED = "node-red"
MAKE = "make"
PLATFORMS = (HIGHLEVEL, N8N, NODE_RED, MAKE)


class Kind(StrEnum):
    """What a step is for; rules subscribe to kinds and pictures are coloured by them."""

    TRIGGER = "trigger"
    MESSAGE = "message"  # reaches the contact (or, outside HighLevel, a person)
    NOTIFY = "notify"  # tells the team: internal notice, task, assignment
    WAIT = "wait"
    BRANCH = "branch"  # if, switch, split, router, filter
    MARKER = "marker"  # a branch's first, empty step (HighLevel branch and transition steps)
    GOTO = "goto"
    GOAL = "goal"
    WRITE = "write"  # changes a record: contact, tag, opportunity, row, file
    ENROL = "enrol"  # starts or stops another workflow
    CALL = "call"  # calls something outside
    CODE = "code"
    AI = "ai"
    LOOP = "loop"  # runs its body once per item or batch
    MERGE = "merge"
    RESPOND = "respond"  # answers the web request that started the run
    SUBNODE = "subnode"  # serves another step (AI model, memory, tool): not on the flow itself
    ERROR = "error"  # handles errors: error trigger's catch, error directive
    NOTE = "note"
    CONFIG = "config"
    STEP = "step"  # known, nothing above
    UNKNOWN = "unknown"  # a type we do not know: kept, never judged


#: Kinds that are not part of the flow a contact (or an item) walks along.
OFF_FLOW = frozenset({Kind.NOTE, Kind.CONFIG, Kind.SUBNODE})


class Trait(StrEnum):
    """A fact about a step type that several rules ask for."""

    SENDS = "sends"  # a message to a person outside the team
    CHARGES = "charges"  # takes money or sends a bill
    WRITES = "writes"  # changes lasting data
    CALLS = "calls"  # talks to another system that can fail
    NEEDS_CONTACT = "needs-contact"
    NEEDS_CREDENTIALS = "needs-credentials"
    STARTS = "starts"  # a trigger that starts a live workflow by itself
    CALLED = "called"  # a trigger run by another workflow
    MANUAL = "manual"  # a trigger pressed by a person
    ON_ERROR = "on-error"  # a trigger run when something failed
    WEBHOOK = "webhook"  # a trigger that takes web requests
    MULTIPATH = "multipath"  # branches although its kind is something else
    WAITS_FOR_REPLY = "waits-for-reply"  # pauses until a person answers
    SQL = "sql"
    RISKY = "risky"  # commands, shells, disk
    FOREIGN = "foreign"  # belongs to an app outside the platform


LONGEST_LABEL = 120

#: Traits that make a step count in ``affectedSteps``.
EFFECTS = frozenset({Trait.SENDS, Trait.CHARGES, Trait.WRITES})


@dataclass(frozen=True, slots=True)
class StepType:
    """The facts about one step type of one platform, kept as data beside the translator.

    ``channel`` is the way a message travels (``sms``, ``email``, ``call``, ``whatsapp``…).
    ``deprecated`` says what to use instead; empty while the type is current.
    """

    kind: Kind
    label: str = ""
    traits: frozenset[Trait] = frozenset()
    channel: str = ""
    deprecated: str = ""
    has_effect: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "has_effect", bool(self.traits & EFFECTS))


UNKNOWN_TYPE = StepType(Kind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a step holds the run.

    ``minutes`` is the length of a wait of fixed length, ``None`` when the file does not fix it
    (until a reply, an appointment, an expression) and ``0.0`` when it says zero or nothing.
    """

    type: str
    minutes: float | None = None
    has_timeout: bool = False

    @property
    def holds(self) -> bool:
        """Whether the run stays here for a positive time or until something happens."""
        return self.minutes is None or self.minutes > 0


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of a trigger: ``field operator values`` (values as text, scalars in a list)."""

    field: str
    operator: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing a step does to what other workflows watch.

    ``kind`` is ``tag``, ``field``, ``stage``, ``status``, ``workflow``, ``call``…;
    ``action`` is ``add``, ``remove``, ``set``, ``clear``, ``start`` or ``stop``.
    """

    kind: str
    value: str
    action: str


@dataclass(slots=True, eq=False)
class Step:
    """One node. ``index`` is its place in ``Graph.steps``; ``id`` is what reports name it by."""

    index: int
    id: str
    name: str
    type: str
    spec: StepType
    params: Mapping[str, Any]
    raw: Mapping[str, Any]
    enabled: bool = True
    version: float = 0.0
    position: tuple[float, float] | None = None
    wait: Wait | None = None
    filters: tuple[Filter, ...] = ()
    effects: tuple[Effect, ...] = ()
    on_error: str = ""  # "", "continue" (goes on as if nothing was) or "output" (own error output)
    retries: bool = False
    outputs: int | None = None  # outputs on the flow, the error output aside; None: not known
    credentials_needed: tuple[str, ...] = ()
    newest_version: float = 0.0  # of this step type, as far as we know; 0: not known
    _leaves: list[tuple[str, str]] | None = None
    _text: str | None = None
    _lower: str | None = None

    @property
    def kind(self) -> Kind:
        return self.spec.kind

    @property
    def label(self) -> str:
        """What a person calls this step, as far as it fits into a sentence."""
        name = self.name or self.spec.label or self.type or self.id
        return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"

    @property
    def leaves(self) -> list[tuple[str, str]]:
        """``(key, text)`` for every text in the parameters, ``key`` the nearest name above it."""
        if self._leaves is None:
            self._leaves = leaves(self.params)
        return self._leaves

    @property
    def text(self) -> str:
        """All text in the step's parameters, one value per line: a haystack to search first."""
        if self._text is None:
            self._text = "\n".join([text for _, text in self.leaves])
        return self._text

    @property
    def lower_text(self) -> str:
        if self._lower is None:
            self._lower = self.text.lower()
        return self._lower

    def texts(self) -> Iterator[tuple[str, str]]:
        """``(parameter path, text)`` for every text in the parameters; slower than ``text``."""
        return located_strings(self.params)


def leaves(value: Any) -> list[tuple[str, str]]:
    """Every text inside nested lists and mappings with the key it stands under, in no order."""
    found: list[tuple[str, str]] = []
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        key, item = stack.pop()
        kind = type(item)
        if kind is str:
            found.append((key, item))
        elif kind is dict:
            stack.extend(item.items())
        elif kind is list:
            stack.extend([(key, inner) for inner in item])
    return found


def strings(value: Any) -> list[str]:
    """Every text inside nested lists and mappings, in no order."""
    return [text for _, text in leaves(value)]


def located_strings(value: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every string inside nested lists and mappings with its path, such as ``headers[0].value``."""
    stack: list[tuple[str, Any]] = [(prefix, value)]
    while stack:
        path, item = stack.pop()
        if isinstance(item, str):
            yield path, item
        elif isinstance(item, dict):
            stack.extend(
                (f"{path}.{key}" if path else str(key), inner)
                for key, inner in reversed(item.items())
            )
        elif isinstance(item, list):
            stack.extend((f"{path}[{n}]", item[n]) for n in range(len(item) - 1, -1, -1))
