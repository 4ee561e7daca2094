"""Edge cases of the rules about unconnected steps and about workflows without any."""

import pytest

from tests.workflows.analysis.builders import findings, highlevel, n8n
from tests.workflows.analysis.rules.flow_documents import (
    HOOK,
    MODEL,
    NOTE,
    SET,
    START,
    flow_file,
    main,
    module,
    node,
    scenario,
    to,
    unchecked,
)

ORPHAN, EMPTY = "orphan-step", "empty-workflow"


def step(key, following=None, kind="add_contact_tag", **more):
    raw = {"id": key, "type": kind, "name": key.title(), "attributes": {"tags": ["x"]}, **more}
    return raw if following is None else {**raw, "next": following}


def inject(*targets):
    return {"id": "i", "type": "inject", "wires": [list(targets)]}


# -- orphan-step -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["B", "Model"])
def test_a_step_without_any_connection_is_an_orphan(name):
    kind = MODEL if name == "Model" else SET
    document = n8n([node("Start", START), node("A"), node(name, kind)], {"Start": main(to("A"))})
    [finding] = findings(document, ORPHAN)
    assert finding.node_ids == (name.lower(),)
    assert finding.severity == "low"


def test_a_highlevel_step_that_nothing_leads_to_and_that_leads_nowhere_is_an_orphan():
    document = highlevel([step("a", "b", order=0), step("b", order=1), step("c", order=2)])
    [finding] = findings(document, ORPHAN)
    assert finding.node_ids == ("c",)


def test_a_dangling_parent_key_does_not_connect_a_step():
    steps = [step("a", "b", order=0), step("b", order=1), step("c", order=2, parentKey="gone")]
    assert len(findings(highlevel(steps), ORPHAN)) == 1


def test_an_unwired_function_of_node_red_is_an_orphan():
    document = flow_file(inject("d"), {"id": "d", "type": "debug"}, {"id": "f", "type": "function"})
    [finding] = findings(document, ORPHAN)
    assert finding.node_ids == ("f",)


def test_a_list_of_one_among_makes_orphans_is_an_orphan():
    [finding] = findings(scenario(HOOK, module(2), orphans=[[module(9)]]), ORPHAN)
    assert finding.node_ids == ("9",)


def test_triggers_stand_alone():
    nodes = [node("Start", START), node("Hook", "n8n-nodes-base.webhook")]
    assert findings(n8n(nodes, {}), ORPHAN) == []
    assert findings(flow_file(inject(), {"id": "h", "type": "http in"}), ORPHAN) == []
    triggers = [{"id": "t", "type": "form_submission", "active": False}]
    assert findings(highlevel([step("a", "b"), step("b")], triggers), ORPHAN) == []


def test_notes_and_comments_stand_alone():
    document = n8n([node("Start", START), node("A"), node("N", NOTE)], {"Start": main(to("A"))})
    assert findings(document, ORPHAN) == []
    tab = flow_file(inject("d"), {"id": "d", "type": "debug"}, {"id": "c", "type": "comment"})
    assert findings(tab, ORPHAN) == []


def test_a_single_step_may_stand_alone():
    assert findings(n8n([node("A")], {}), ORPHAN) == []
    assert findings(n8n([node("A"), node("N", NOTE)], {}), ORPHAN) == []
    assert findings(highlevel([step("a")]), ORPHAN) == []
    assert findings(highlevel([step("a")], []), ORPHAN) == []
    assert findings(scenario(HOOK), ORPHAN) == []
    assert findings(flow_file({"id": "f", "type": "function"}), ORPHAN) == []


def test_the_first_step_needs_no_connection():
    triggers = [{"id": "t", "type": "form_submission", "active": True}]
    assert findings(highlevel([step("a")], triggers), ORPHAN) == []
    document = highlevel([step("a", order=0), step("x", "y", order=1), step("y", order=2)])
    assert findings(document, ORPHAN) == []


def test_a_disabled_step_may_be_parked():
    document = n8n(
        [node("Start", START), node("A"), node("B", disabled=True)], {"Start": main(to("A"))}
    )
    assert findings(document, ORPHAN) == []


def test_a_step_whose_connection_dangles_has_another_fault():
    document = n8n(
        [node("Start", START), node("A"), node("B")],
        {"Start": main(to("A")), "B": main(to("Gone"))},
    )
    assert findings(document, ORPHAN) == []
    assert len(findings(document, "dangling-step-reference")) == 1


def test_a_step_that_only_leads_to_itself_is_connected():
    document = n8n(
        [node("Start", START), node("A"), node("B")], {"Start": main(to("A")), "B": main(to("B"))}
    )
    assert findings(document, ORPHAN) == []


def test_a_catch_node_stands_alone():
    document = flow_file(inject("d"), {"id": "d", "type": "debug"}, {"id": "c", "type": "catch"})
    assert findings(document, ORPHAN) == []


# -- empty-workflow ----------------------------------------------------------------------------


TRIGGER = {"id": "t", "type": "form_submission", "active": True}


@pytest.mark.parametrize(
    "document",
    [
        highlevel([]),
        highlevel([], []),
        highlevel([], [TRIGGER]),
        n8n([], {}),
        n8n([node("N", NOTE)], {}),
        [{"id": "tab", "type": "tab", "label": "Flow"}],
        scenario(),
    ],
)
def test_a_workflow_without_a_step_is_empty(document):
    [finding] = findings(document, EMPTY)
    assert finding.severity == "medium"
    assert finding.node_ids == ()


@pytest.mark.parametrize(
    "document",
    [
        highlevel([step("a")]),
        highlevel([step("a", advanceCanvasMeta={"isDisabled": True})]),
        highlevel([step("a", None, "some_new_step")]),
        n8n([node("Start", START)], {}),
        n8n([node("A", disabled=True)], {}),
        flow_file(inject()),
        scenario(HOOK),
        scenario(orphans=[[module(1)]]),
        step("a"),
    ],
)
def test_a_workflow_with_any_step_is_not_empty(document):
    assert findings(document, EMPTY) == []


@pytest.mark.parametrize("key", ["fileUrl", "filePath"])
def test_content_that_is_kept_elsewhere_is_not_checked(key):
    document = {**highlevel([]), key: "https://files.leadconnectorhq.com/wf.json"}
    assert findings(document, EMPTY) == []
    assert unchecked(document, EMPTY)


def test_a_document_without_a_list_of_steps_is_not_checked():
    document = {"id": "w1", "name": "Listed only", "status": "published"}
    assert findings(document, EMPTY) == []
    assert unchecked(document, EMPTY)


def test_a_file_url_beside_real_steps_changes_nothing():
    document = highlevel([step("a")], fileUrl="https://files.leadconnectorhq.com/wf.json")
    assert findings(document, EMPTY) == []
    assert unchecked(document, EMPTY) == []
