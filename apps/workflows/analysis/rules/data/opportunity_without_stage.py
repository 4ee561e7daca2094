"""An opportunity without its pipeline or stage.

## Why it matters
HighLevel cannot tell where on the board the opportunity belongs, so it is not created or moved and
the deal goes missing from the pipeline.

## How to fix
Choose both the pipeline and the stage in the step.

## Bad
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "deal", "type": "internal_create_opportunity", "name": "Create deal", "order": 0,
       "attributes": {"pipelineId": "zds62BQRinETZ2Ldljaj", "__customInputFields__": []}}]}}

## Good
    {"name": "New lead", "status": "published", "workflowData": {"templates": [
      {"id": "deal", "type": "internal_create_opportunity", "name": "Create deal", "order": 0,
       "attributes": {"pipelineId": "zds62BQRinETZ2Ldljaj",
        "pipelineStageId": "0f8d1c2e-7b41-4c3f-9a55-2d1e8c7b6a90",
        "__customInputFields__": []}}]}}
"""

from apps.workflows.analysis.facts.values import text
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
)

_CREATES = "internal_create_opportunity"
_UPDATES = "internal_update_opportunity"
#: The older step, which updates the opportunity there is and creates one where there is none.
_EITHER = "create_opportunity"
_CLOSED = frozenset({"won", "lost", "abandoned"})


@rule.step(Kind.WRITE)
def check(step: Step, graph: Graph) -> Hit | None:
    if step.type not in (_CREATES, _UPDATES, _EITHER):
        return None
    given = {effect.kind: effect.value for effect in step.effects if effect.action == "set"}
    lacks_pipeline, lacks_stage = not given.get("pipeline"), not given.get("stage")
    if step.type == _UPDATES:
        if lacks_stage or not lacks_pipeline:
            return None
        what = "moves the opportunity to a stage without saying in which pipeline"
    elif not (lacks_pipeline or lacks_stage) or _only_closes(step, given):
        return None
    else:
        lacking = [
            word for word, lacks in (("pipeline", lacks_pipeline), ("stage", lacks_stage)) if lacks
        ]
        what = f"creates an opportunity without a {' or a '.join(lacking)}"
    return Hit([step], f"“{step.label}” {what}.")


def _only_closes(step: Step, given: dict[str, str]) -> bool:
    """Whether the older step is used to set the status of the opportunity there is."""
    named = text(step.params.get("opportunity_name"))
    return step.type == _EITHER and given.get("status", "").lower() in _CLOSED and not named
