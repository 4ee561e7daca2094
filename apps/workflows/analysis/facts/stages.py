"""Which stage of which pipeline an opportunity is in when a run comes to a step."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.workflows.analysis.facts.lists import Stage
from apps.workflows.analysis.facts.values import mappings, text
from apps.workflows.analysis.facts.watching import FIELD_KINDS, bare, compares_whole, is_positive
from apps.workflows.analysis.graph import Graph, Kind, Step

_OPPORTUNITY_TRIGGERS = ("opportunity_", "pipeline_stage")
_LOOK_UP = "find_opportunity"
_NAMES = ("pipelinestageid", "stageid", "pipelinestage")


@dataclass(frozen=True, slots=True)
class Standing:
    """The stage that the step ``since`` (an index) has put the opportunity in or found it in."""

    stage: Stage
    since: int


#: Pipeline -> where an opportunity in it stands.
Board = dict[str, Standing]


def target_stage(step: Step) -> str:
    """The stage a step moves an opportunity to, where the file says it."""
    stages = [e.value for e in step.effects if e.kind == "stage" and "{{" not in e.value]
    return stages[-1] if stages else ""


def keeps_backward_moves_out(step: Step) -> bool:
    """Whether the step leaves an opportunity alone that is in a later stage."""
    for key in ("allowBackward", "allow_backward", "allowBackwards"):
        value = step.params.get(key)
        if value is False or (isinstance(value, str) and value.strip().lower() == "false"):
            return True
    return False


def boards(graph: Graph, stages: Mapping[str, Stage]) -> dict[int, Board]:
    """For every step a run comes to, the latest stage that some path leaves an opportunity in.

    What a branch that asks for the stage lets through, and which opportunity a look-up finds,
    is not known: behind these the board is empty.
    """
    arrival: dict[int, Board] = {index: {} for index in graph.entries}
    queue = deque(arrival)
    while queue:
        index = queue.popleft()
        after = _passed(graph.steps[index], arrival[index], stages)
        for edge in graph.out[index]:
            known = arrival.get(edge.target)
            if known is None:
                arrival[edge.target] = dict(after)
            elif not _taken_up(known, after):
                continue
            queue.append(edge.target)
    return arrival


def _taken_up(known: Board, new: Board) -> bool:
    """Add what stands further on; whether anything did."""
    changed = False
    for pipeline, standing in new.items():
        before = known.get(pipeline)
        if before is None or standing.stage.place > before.stage.place:
            known[pipeline] = standing
            changed = True
    return changed


def _passed(step: Step, here: Board, stages: Mapping[str, Stage]) -> Board:
    if not step.enabled:
        return here if step.spec.kind is not Kind.TRIGGER else {}
    if step.spec.kind is Kind.TRIGGER:
        return _found(step, _filtered(step), stages)
    if step.type == _LOOK_UP:
        return _found(step, list(_looked_up(step)), stages)
    if step.spec.kind is Kind.BRANCH and ("stage" in step.lower_text or _asks_for_stage(step)):
        return {}
    return moved(step, here, stages)


def moved(step: Step, here: Board, stages: Mapping[str, Stage]) -> Board:
    """The board after a step that may move an opportunity."""
    if not any(effect.kind == "stage" for effect in step.effects):
        return here
    target = stages.get(target_stage(step))
    if target is None:
        return {}  # it goes where the file does not say
    before = here.get(target.pipeline)
    if before and before.stage.place > target.place and keeps_backward_moves_out(step):
        return here
    return {**here, target.pipeline: Standing(target, step.index)}


def _found(step: Step, ids: list[str], stages: Mapping[str, Stage]) -> Board:
    """Of several possible stages the earliest, so as not to claim too much."""
    board: Board = {}
    known = [stages.get(key) for key in ids]
    if not known or None in known:
        return board
    for stage in known:
        if stage is not None:
            before = board.get(stage.pipeline)
            if before is None or stage.place < before.stage.place:
                board[stage.pipeline] = Standing(stage, step.index)
    return board if len(board) == 1 else {}


def _filtered(trigger: Step) -> list[str]:
    if not trigger.type.startswith(_OPPORTUNITY_TRIGGERS):
        return []
    for condition in trigger.filters:
        asks = FIELD_KINDS.get(bare(condition.field)) == "stage"
        if asks and is_positive(condition) and compares_whole(condition):
            return [value for value in condition.values if value.strip()]
    return []


def _looked_up(step: Step) -> Iterator[str]:
    for entry in mappings(step.params.get("__customInputFields__")):
        if bare(text(entry.get("filterField"))) in _NAMES:
            value: Any = entry.get("value")
            yield from (text(each) for each in (value if isinstance(value, list) else [value]))


def _asks_for_stage(step: Step) -> bool:
    for branch in mappings(step.params.get("branches")):
        for segment in mappings(branch.get("segments")):
            for condition in mappings(segment.get("conditions")):
                if "opportunit" in text(condition.get("conditionType")).lower():
                    return True
    return False
