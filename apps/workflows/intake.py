"""What is kept of a document: its workflows one by one, each with an identity and a digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.graph import NODE_RED, Graph, Need
from apps.workflows.platforms import REGISTRY, detect, open_document
from apps.workflows.platforms.base import Bundle, DefinitionError, Source, TooLarge
from apps.workflows.platforms.loading import Document, check_depth, scrub

LONGEST_NAME = 500
LONGEST_ID = 200
MOST_AT_ONCE = 5_000
UNNAMED = "Unnamed workflow"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One workflow as it is stored; ``definition`` is JSON text, empty where its steps are not
    in the document."""

    platform: str
    name: str
    external_id: str = ""
    status: str = "unknown"
    definition: str = ""
    content_hash: str = ""
    identity: str = ""

    def __post_init__(self) -> None:
        if not self.identity:
            identity = identity_of(self.external_id, self.name)
            object.__setattr__(self, "identity", identity)

    def named(self, name: str) -> Incoming:
        """The same workflow under a name somebody gave it."""
        identity = self.identity if self.external_id else identity_of("", name)
        return replace(self, name=name[:LONGEST_NAME], identity=identity)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file, or a workflow in it, is not taken in."""

    name: str
    error: DefinitionError


@dataclass(slots=True)
class Intake:
    """What one or several documents hold; ``lists`` are the account's reference lists by kind,
    ``location`` the HighLevel location they are of, where that is said."""

    workflows: list[Incoming] = field(default_factory=list)
    lists: dict[str, list[Any]] = field(default_factory=dict)
    location: str = ""
    faults: list[Fault] = field(default_factory=list)


def take_in(document: Document, intake: Intake, *, platform: str | None = None) -> None:
    """Add what a document holds to the intake, or why it cannot be taken in; raises nothing."""
    if document.error is not None:
        intake.faults.append(Fault(document.name, document.error))
        return
    for part in _parts(document):
        _take_in(part, intake, platform)


def _parts(document: Document) -> list[Document]:
    """The entries of a list that mixes platforms, or workflows and what is none: each by itself,
    so that none is passed over in silence. Anything else is taken as a whole."""
    content = document.content
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        return [document]
    found = {detect(each) for each in content}
    if len(found) < 2 or detect(content) == NODE_RED:
        return [document]
    return [Document(f"{document.name}[{n}]", each) for n, each in enumerate(content)]


def _take_in(document: Document, intake: Intake, platform: str | None) -> None:
    try:
        check_depth(document.content)
        bundle = open_document(scrub(document.content), platform)
        _check_count(len(intake.workflows) + len(bundle.sources))
    except DefinitionError as error:
        intake.faults.append(Fault(document.name, error))
        return
    alone = len(bundle.sources) == 1
    for source in bundle.sources:
        text = document.text if alone else ""
        if not text:
            text = json_text(document.content if alone else source.document or source.definition)
        try:
            graph = REGISTRY[bundle.platform].translate(source)
        except DefinitionError as error:
            intake.faults.append(Fault(source.name or document.name, error))
        else:
            intake.workflows.append(incoming(graph, source, text))
    if bundle.lists:
        intake.lists |= bundle.lists
        intake.location = Account([], bundle.lists).location or _location(bundle)


def _check_count(found: int) -> None:
    if found > MOST_AT_ONCE:
        message = f"There are {found:,} workflows in this; import at most {MOST_AT_ONCE:,} at once."
        raise TooLarge(message)


class Repeated(DefinitionError):  # noqa: N818  (named as the others)
    """The workflow stands there twice, with different content."""

    code = "conflict"


def tell_apart(intake: Intake) -> None:
    """Of what looks like one workflow with several contents, keep which is which.

    With an id it is the same workflow, and the first is kept. Without, they are several of one
    name, and those after the first are numbered. The same content twice is once.
    """
    seen: dict[tuple[str, str], set[str]] = {}
    numbers: dict[tuple[str, str], int] = {}
    kept = []
    for each in intake.workflows:
        place, found = (each.platform, each.identity), each
        known = seen.setdefault(place, set())
        if each.content_hash in known:
            continue
        if known and each.external_id:
            message = "This workflow is in the file twice; the first one is kept."
            intake.faults.append(Fault(each.name, Repeated(message)))
            continue
        while known and (found is each or (found.platform, found.identity) in seen):
            numbers[place] = numbers.get(place, 1) + 1
            found = each.named(f"{each.name[: LONGEST_NAME - 10]} ({numbers[place]})")
        known.add(each.content_hash)
        seen.setdefault((found.platform, found.identity), set()).add(each.content_hash)
        kept.append(found)
    intake.workflows = kept


def _location(bundle: Bundle) -> str:
    stated = {source.definition.get("locationId") for source in bundle.sources} - {None, ""}
    return str(stated.pop())[:100] if len(stated) == 1 else ""


def incoming(graph: Graph, source: Source, text: str) -> Incoming:
    """What is stored of a translated workflow; ``text`` is the JSON it is in."""
    known = Need.CONTENT not in graph.missing
    return Incoming(
        platform=graph.platform,
        name=graph.name[:LONGEST_NAME] or UNNAMED,
        external_id=graph.id[:LONGEST_ID],
        status=status_of(graph),
        definition=text if known else "",
        content_hash=content_hash(source.content or source.definition) if known else "",
        identity=identity_of(graph.id, graph.name),
    )


def identity_of(external_id: str, name: str) -> str:
    """A digest of the id on the platform, else of the name: as long as either may be."""
    what = f"id:{external_id}" if external_id else f"name:{name}"
    return hashlib.sha256(what.encode()).hexdigest()


def status_of(graph: Graph) -> str:
    """``active``, ``inactive``, ``draft`` or, where the document does not say, ``unknown``."""
    if graph.active is None:
        return "unknown"
    if graph.active:
        return "active"
    return "draft" if graph.raw.get("status") == "draft" else "inactive"


def content_hash(content: Any) -> str:
    """The same for the same content, however its keys are ordered or spaced."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def json_text(value: Any) -> str:
    """JSON whose keys keep their order and whose numbers read back as the same values."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can carry
        return json.dumps(value, separators=(",", ":"))
    return text
