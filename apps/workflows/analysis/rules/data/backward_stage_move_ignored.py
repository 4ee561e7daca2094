"""A move to an earlier stage that HighLevel ignores.

## Why it matters
The opportunity stays where it is although the workflow goes on as if it had moved: the board shows
deals in stages they have long left, and what should start at the earlier stage never does.

## How to fix
Switch on “Allow opportunity to move to any previous stage” in the step, or choose a later stage.

## Bad
    {"pipelines": [{"id": "pipSales", "name": "Sales", "stages": [
      {"id": "stgNew", "name": "New lead"}, {"id": "stgOffer", "name": "Offer sent"}]}],
     "workflows": [
      {"id": "wf-a", "name": "Offer", "status": "published", "triggers": [
        {"id": "t1", "type": "pipeline_stage_updated", "name": "Offer sent", "active": true,
         "conditions": [{"field": "opportunity.pipelineId", "operator": "==", "value": "pipSales"},
          {"field": "opportunity.pipelineStageId", "operator": "==", "value": "stgOffer"}]}],
       "workflowData": {"templates": [
        {"id": "s1", "type": "internal_update_opportunity", "name": "Back to new", "order": 0,
         "attributes": {"allowBackward": false, "__customInputFields__": [
          {"filterField": "pipelineId", "value": "pipSales"},
          {"filterField": "pipelineStageId", "value": "stgNew"}]}}]}}]}

## Good
    {"pipelines": [{"id": "pipSales", "name": "Sales", "stages": [
      {"id": "stgNew", "name": "New lead"}, {"id": "stgOffer", "name": "Offer sent"}]}],
     "workflows": [
      {"id": "wf-a", "name": "Offer", "status": "published", "triggers": [
        {"id": "t1", "type": "pipeline_stage_updated", "name": "Offer sent", "active": true,
         "conditions": [{"field": "opportunity.pipelineId", "operator": "==", "value": "pipSales"},
          {"field": "opportunity.pipelineStageId", "operator": "==", "value": "stgOffer"}]}],
       "workflowData": {"templates": [
        {"id": "s1", "type": "internal_update_opportunity", "name": "Back to new", "order": 0,
         "attributes": {"allowBackward": true, "__customInputFields__": [
          {"filterField": "pipelineId", "value": "pipSales"},
          {"filterField": "pipelineStageId", "value": "stgNew"}]}}]}}]}
"""

from collections.abc import Mapping

from apps.workflows.analysis.facts.lists import Stage, lists_of, no_list
from apps.workflows.analysis.facts.stages import (
    Standing,
    boards,
    keeps_backward_moves_out,
    target_stage,
)
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need, Step
from apps.workflows.analysis.rule import Found, Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.MEDIUM,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.LISTS,),
)


@rule.graph
def check(graph: Graph) -> Found:
    moves = [
        step
        for step in graph.steps
        if step.enabled and target_stage(step) and keeps_backward_moves_out(step)
    ]
    lists = lists_of(graph)
    if not moves or lists is None:
        return None
    if lists.stages is None:
        return NotChecked(no_list("pipelines"))
    if not lists.lists_stages:
        return NotChecked("the pipelines are listed without their stages")
    return _hits(graph, moves, lists.stages)


def _hits(graph: Graph, moves: list[Step], stages: Mapping[str, Stage]) -> list[Hit]:
    arrival = boards(graph, stages)
    hits = []
    for step in moves:
        target = stages.get(target_stage(step))
        board = arrival.get(step.index)
        if target is None or board is None:
            continue
        standing = board.get(target.pipeline)
        if standing is not None and standing.stage.place > target.place:
            hits.append(_hit(graph, step, target, standing))
    return hits


def _hit(graph: Graph, step: Step, target: Stage, standing: Standing) -> Hit:
    since = graph.steps[standing.since]
    return Hit(
        [step, since],
        f"“{step.label}” moves the opportunity to “{target.name or target_stage(step)}”, but since "
        f"“{since.label}” it is in the later stage “{standing.stage.name}”, and the step does not "
        "move backward: nothing happens.",
        path=[*graph.path_to(since), *graph.path_between(since, step)[1:]],
    )
