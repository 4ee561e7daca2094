"""Translates one HighLevel workflow into the canonical graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from apps.workflows.analysis.graph import (
    HIGHLEVEL,
    UNKNOWN_TYPE,
    EdgeKind,
    Graph,
    Kind,
    Need,
    Step,
    StepType,
    Trait,
)
from apps.workflows.platforms.base import MAX_STEPS, Source, UnsupportedDefinition
from apps.workflows.platforms.highlevel.catalogue import STEPS
from apps.workflows.platforms.highlevel.catalogue.flow import BRANCH_MARKER
from apps.workflows.platforms.highlevel.catalogue.messages import REVIEW_REQUESTS
from apps.workflows.platforms.highlevel.effects import effects_of
from apps.workflows.platforms.highlevel.identities import identified
from apps.workflows.platforms.highlevel.settings import settings_of
from apps.workflows.platforms.highlevel.shapes import (
    FRAGMENT,
    content_elsewhere,
    steps_in,
    triggers_in,
)
from apps.workflows.platforms.highlevel.triggers import trigger_step
from apps.workflows.platforms.highlevel.values import identity, mapping, number, text
from apps.workflows.platforms.highlevel.waits import wait_of
from apps.workflows.platforms.highlevel.wiring import Wiring

_ACTIVE = {"published": True, "draft": False}
#: A trigger that jumps to a step of its own instead of starting at the top.
_JUMPING_TRIGGER = "conv_ai_autonomous_trigger"


def translate(source: Source) -> Graph:
    """The canonical graph. Raises only ``UnsupportedDefinition``, whatever the JSON holds."""
    document = source.definition
    if not isinstance(document, dict):
        raise UnsupportedDefinition("A HighLevel workflow is a JSON object.")
    raw_steps = steps_in(document)
    raw_triggers = source.triggers if source.triggers is not None else triggers_in(document)
    _refuse_too_many(raw_steps, "steps")
    _refuse_too_many(raw_triggers, "triggers")
    taken: set[str] = set()
    rows = identified(raw_steps or [], "step", taken)
    starts = identified(raw_triggers or [], "trigger", taken)
    triggers = [trigger_step(index, key, raw) for index, (key, raw) in enumerate(starts)]
    flow = [_step(index, key, raw) for index, (key, raw) in enumerate(rows, len(triggers))]
    wiring = Wiring([*triggers, *flow], flow, {step.id: step.index for step in flow})
    wiring.connect()
    _see_timeouts(wiring)
    entries = _enter(wiring, triggers)
    return Graph(
        platform=HIGHLEVEL,
        name=source.name or text(document.get("name")),
        steps=wiring.steps,
        edges=wiring.edges,
        entries=entries,
        id=source.external_id or identity(document),
        active=_ACTIVE.get(text(document.get("status")).strip().lower()),
        settings=settings_of(document),
        # Of a step that came alone, nothing is known about its neighbours.
        dangling=[] if document.get(FRAGMENT) is True else wiring.dangling,
        duplicate_ids=_duplicates(flow),
        connections=wiring.count,
        missing=_missing(document, raw_steps, raw_triggers),
        raw=document,
    )


def _refuse_too_many(raws: list[Any] | None, what: str) -> None:
    if raws is not None and len(raws) > MAX_STEPS:
        raise UnsupportedDefinition(
            f"The workflow has {len(raws)} {what}; at most {MAX_STEPS} can be analysed."
        )


def _missing(
    document: Mapping[str, Any], steps: list[Any] | None, triggers: list[Any] | None
) -> dict[Need, str]:
    missing = {}
    if not steps and (reason := content_elsewhere(document)):
        missing[Need.CONTENT] = reason
    if triggers is None:
        missing[Need.TRIGGERS] = "the triggers are not in this file"
    return missing


# -- steps -------------------------------------------------------------------------------------


def _step(index: int, key: str, raw: dict[str, Any]) -> Step:
    kind = text(raw.get("type"))
    attributes = raw.get("attributes")
    if not isinstance(attributes, dict):
        attributes = mapping(raw.get("meta"))
    canvas = mapping(raw.get("advanceCanvasMeta"))
    return Step(
        index=index,
        id=key,
        name=text(raw.get("name")),
        type=kind,
        spec=_spec(kind, raw, attributes),
        params=attributes,
        raw=raw,
        enabled=canvas.get("isDisabled") is not True and raw.get("disabled") is not True,
        position=_position(mapping(canvas.get("position"))),
        wait=wait_of(kind, attributes),
        effects=effects_of(kind, attributes),
    )


def _position(place: Mapping[str, Any]) -> tuple[float, float] | None:
    x, y = number(place.get("x")), number(place.get("y"))
    return None if x is None or y is None else (x, y)


def _spec(kind: str, raw: Mapping[str, Any], attributes: Mapping[str, Any]) -> StepType:
    if kind == "if_else":
        return BRANCH_MARKER if _is_branch(raw, attributes) else STEPS[kind]
    if kind == "review_request":
        way = text(attributes.get("review_type"))
        return REVIEW_REQUESTS.get(way, STEPS[kind])
    spec = STEPS.get(kind)
    if spec is None:
        return BRANCH_MARKER if raw.get("cat") == "transition" else UNKNOWN_TYPE
    forks = attributes.get("convertToMultipath") is True or raw.get("cat") == "multi-path"
    waits = attributes.get("waitForReply") is True
    return _with(spec, forks, waits) if forks or waits else spec


def _is_branch(raw: Mapping[str, Any], attributes: Mapping[str, Any]) -> bool:
    """The same type stands for the condition and for the start of each of its branches."""
    node = raw.get("nodeType")
    if node in ("branch-yes", "branch-no", "condition-node"):
        return bool(node != "condition-node")
    if attributes.get("else") is True:
        return True
    return attributes.get("if") is False and not attributes.get("branches")


@lru_cache(maxsize=512)
def _with(spec: StepType, forks: bool, waits: bool) -> StepType:
    """The type of a step whose own settings make it branch, or wait for an answer."""
    more = set()
    if forks and spec.kind is not Kind.BRANCH:
        more.add(Trait.MULTIPATH)
    if waits and spec.kind is not Kind.WAIT:
        more.add(Trait.WAITS_FOR_REPLY)
    return replace(spec, traits=spec.traits | more)


def _duplicates(flow: list[Step]) -> dict[str, list[int]]:
    by_id: dict[str, list[int]] = {}
    for step in flow:
        if key := identity(step.raw):
            by_id.setdefault(key, []).append(step.index)
    return {key: indexes for key, indexes in by_id.items() if len(indexes) > 1}


# -- the whole ---------------------------------------------------------------------------------


def _see_timeouts(wiring: Wiring) -> None:
    """A wait has a timeout too when only the marker behind it says so."""
    for edge in wiring.edges:
        if edge.kind is EdgeKind.TIMEOUT:
            step = wiring.steps[edge.source]
            if step.wait is not None and not step.wait.has_timeout:
                step.wait = replace(step.wait, has_timeout=True)


def _enter(wiring: Wiring, triggers: list[Step]) -> list[int]:
    """Connect the triggers; the indexes where a run may begin."""
    root = wiring.root()
    entries = [trigger.index for trigger in triggers]
    enters = False
    for trigger in triggers:
        target = text(trigger.raw.get("targetActionId"))
        if trigger.type == _JUMPING_TRIGGER and target:
            wiring.link(trigger, target)
            enters = enters or (root is not None and wiring.by_id.get(target) == root.index)
        elif root is not None:
            wiring.link(trigger, root.id)
            enters = True
    if root is not None and not enters:
        entries.append(root.index)
    return entries
