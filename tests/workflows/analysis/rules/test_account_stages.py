"""Edge cases of moves to an earlier stage that HighLevel ignores."""

import pytest

from tests.workflows.analysis.agency import (
    JSON,
    agency,
    chain,
    days,
    flow,
    made,
    reasons,
    reported,
    stage_update,
    started,
    step,
)

RULE = "backward-stage-move-ignored"
STAGES: list[JSON] = [
    {"id": "s1", "name": "New"},
    {"id": "s2", "name": "Offer"},
    {"id": "s3", "name": "Won"},
]
SALES: JSON = {"id": "p1", "name": "Sales", "stages": STAGES}
OTHER = {"id": "p2", "name": "Care", "stages": [{"id": "k1"}, {"id": "k2"}]}


def on_stage(*stages):
    filters = {"opportunity__pipelineId": "p1", "opportunity__pipelineStageId": [*stages]}
    return started("pipeline_stage_updated", "t1", "Stage changed", **filters)


FORM = started("form_submission", "t1", "Form", form__id="f1")


def to(stage, key="x", pipeline="p1", **more):
    return stage_update(key, f"To {stage}", pipeline, stage, **more)


def bundle(*steps, trigger=FORM, **lists):
    listed = lists or {"pipelines": [SALES, OTHER]}
    return {"workflows": [flow("A", "Flow", chain(*steps), [trigger])], **listed}


def hits(document):
    return reported(document, RULE).get("A", [])


def test_a_move_back_from_the_stage_that_starts_the_workflow_is_ignored():
    (hit,) = hits(bundle(days("d", 1), to("s1"), trigger=on_stage("s2")))
    assert (hit.severity, hit.confidence) == ("medium", "certain")
    assert hit.node_ids == ("x", "t1")
    assert hit.path == ("t1", "d", "x")
    assert "“New”" in hit.message
    assert "“Offer”" in hit.message


def test_a_move_back_from_what_an_earlier_step_has_set_is_ignored():
    (hit,) = hits(bundle(to("s3", "w"), days("d", 1), to("s2")))
    assert hit.node_ids == ("x", "w")
    created = made(
        "internal_create_opportunity", "w", "Create", pipelineId="p1", pipelineStageId="s3"
    )
    assert hits(bundle(created, to("s1")))


def test_a_move_back_from_the_stage_that_was_looked_for_is_ignored():
    look = made(
        "find_opportunity", "w", "Find",
        __customInputFields__=[{"filterField": "pipelineStageId", "value": "s3"}],
    )  # fmt: skip
    assert hits(bundle(look, to("s1")))


def test_an_ignored_move_leaves_the_opportunity_where_it_was():
    assert len(hits(bundle(to("s3", "w"), to("s1", "x"), to("s2", "y")))) == 2


def test_one_path_on_which_it_is_ignored_is_enough():
    steps = [
        made("workflow_split", "s", "Split", ["w", "v"], paths=[]),
        {**to("s3", "w"), "next": "x"},
        {**to("s1", "v"), "next": "x"},
        to("s2"),
    ]
    (hit,) = hits(bundle(*steps))
    assert hit.path == ("t1", "s", "w", "x")


def test_positions_count_before_the_order_of_the_list():
    turned = [{**one, "position": 9 - n} for n, one in enumerate(SALES["stages"])]
    lists = {"pipelines": [{**SALES, "stages": turned}]}
    assert hits(bundle(to("s3"), trigger=on_stage("s1"), **lists))
    assert hits(bundle(to("s1"), trigger=on_stage("s3"), **lists)) == []


@pytest.mark.parametrize("off", [False, "false", "False"])
def test_backward_moves_are_off_in_one_spelling_or_another(off):
    one = to("s1")
    one["attributes"]["allowBackward"] = off
    assert hits(bundle(one, trigger=on_stage("s2")))


UNSAID = to("s1")
del UNSAID["attributes"]["allowBackward"]
ASKS = made("if_else", "w", "Which stage?", branches=[{"id": "x", "name": "New", "segments": [
    {"conditions": [{"conditionType": "opportunities", "conditionSubType": "pipelineStageId",
                     "conditionOperator": "==", "conditionValue": "s1"}]}]}])  # fmt: skip
FINDS = made("find_opportunity", "w", "Find", __customInputFields__=[
    {"filterField": "pipelineId", "value": "p1"}])  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        bundle(to("s1", back=True), trigger=on_stage("s2")),
        bundle(UNSAID, trigger=on_stage("s2")),
        bundle(to("s3"), trigger=on_stage("s2")),
        bundle(to("s2"), trigger=on_stage("s2")),
        bundle(to("s1")),
        bundle(to("k1", pipeline="p2"), trigger=on_stage("s3")),
        bundle(to("s2"), trigger=on_stage("s1", "s3")),
        bundle(to("s2"), trigger={**on_stage("s3"), "active": False}),
        bundle(to("s2", "w", back=True), to("s3"), trigger=on_stage("s3")),
        bundle(to("s1", "w", back=True), to("s2"), trigger=on_stage("s3")),
        bundle(ASKS, to("s2"), trigger=on_stage("s3")),
        bundle(FINDS, to("s2"), trigger=on_stage("s3")),
        bundle(to("{{contact.stage}}", "w"), to("s2"), trigger=on_stage("s3")),
        bundle(to("{{contact.stage}}"), trigger=on_stage("s3")),
        bundle(to("nowhere"), trigger=on_stage("s3")),
        bundle(to("s1"), trigger=on_stage("nowhere")),
        bundle({**to("s1"), "disabled": True}, trigger=on_stage("s3")),
        bundle({**to("s3", "w"), "disabled": True}, to("s1")),
    ],
)
def test_moves_that_work_and_those_nobody_can_tell_are_fine(document):
    assert hits(document) == []


def test_a_negative_stage_filter_says_no_stage():
    trigger = on_stage("s3")
    trigger["conditions"][1]["operator"] = "!="
    assert hits(bundle(to("s1"), trigger=trigger)) == []


def test_a_stage_order_that_is_not_known_leaves_it_open():
    moves = bundle(to("s1"), trigger=on_stage("s2"), tags=[])
    assert reasons(moves, RULE) == {"no pipelines list in the file"}
    bare = bundle(to("s1"), trigger=on_stage("s2"), pipelines=[{"id": "p1", "name": "Sales"}])
    assert reasons(bare, RULE) == {"the pipelines are listed without their stages"}
    assert reasons(bundle(days("d", 1), tags=[]), RULE) == set()
    assert reasons(flow("A", "Alone", [to("s1")], [on_stage("s2")]), RULE) == {"no account lists"}


def test_a_loop_comes_to_an_end():
    back = made("goto", "g", "Again", targetNodeId="w")
    assert len(hits(bundle(to("s1", "w"), to("s3", "y", back=True), back))) == 1


def test_the_agency_moves_back_only_on_purpose():
    document = agency()
    assert reported(document, RULE) == {}
    step(document, "wf-implants-prepare", "h2").update(
        stage_update("h2", "Back", "pip-implants", "stg-implants-new")
    )
    assert set(reported(document, RULE)) == {"wf-implants-prepare"}


@pytest.mark.parametrize("value", [None, 7, True, [], {}, [None, {"a": 1}], "x"])
def test_wrong_typed_parameters_and_lists_move_nothing(value):
    odd = made(
        "internal_update_opportunity", "x", "Odd",
        allowBackward=False, pipelineId=value, pipelineStageId=value, __customInputFields__=value,
    )  # fmt: skip
    for stages in (value, [value], [{"id": value, "position": value}]):
        listed = {"pipelines": [{"id": "p1", "stages": stages}]}
        assert hits(bundle(odd, trigger=on_stage("s2"), **listed)) == []
