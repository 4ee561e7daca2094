"""HighLevel documents: which are recognised, and what is in them."""

import pytest

from apps.workflows.analysis.graph import Need
from apps.workflows.platforms import highlevel
from apps.workflows.platforms.base import UnsupportedDefinition

SMS = {"id": "s1", "type": "sms", "name": "Hi", "order": 0, "attributes": {"body": "Hi"}}
TRIGGER = {"id": "t1", "type": "contact_created", "conditions": []}


def workflow(name="Welcome", **more):
    return {
        "_id": "w1",
        "name": name,
        "status": "draft",
        "workflowData": {"templates": [SMS]},
    } | more


def only(document):
    bundle = highlevel.split(document)
    assert len(bundle.sources) == 1
    return bundle.sources[0]


# -- shapes ------------------------------------------------------------------------------------


def test_raw_document_is_one_workflow_whose_triggers_are_elsewhere():
    source = only(workflow())
    assert (source.name, source.external_id, source.triggers) == ("Welcome", "w1", None)


def test_raw_document_may_have_its_triggers_added():
    assert only(workflow(triggers=[TRIGGER])).triggers == [TRIGGER]


def test_envelope_holds_workflow_and_triggers():
    source = only(
        {
            "$schema": "ghl-workflow-export/v1",
            "source": {"locationId": "L1", "workflowId": "w9"},
            "workflow": {"name": "Inside", "workflowData": {"templates": [SMS]}},
            "triggers": [TRIGGER],
        }
    )
    assert (source.name, source.external_id) == ("Inside", "w9")
    assert source.triggers == [TRIGGER]
    assert source.definition["locationId"] == "L1"


def test_an_account_id_in_the_workflow_is_not_overwritten_by_the_envelope():
    document = {"source": {"locationId": "other"}, "workflow": workflow(locationId="mine")}
    assert only(document).definition["locationId"] == "mine"


def test_envelope_without_triggers_takes_those_of_its_workflow():
    assert only({"workflow": workflow(triggers=[TRIGGER])}).triggers == [TRIGGER]


def test_combined_export_is_a_selection_and_not_the_whole_account():
    entry = {"source": {}, "workflow": workflow(), "triggers": []}
    bundle = highlevel.split({"$schema": "ghl-workflow-export/v1", "workflows": [entry, entry]})
    assert len(bundle.sources) == 2
    assert not bundle.whole_account
    assert bundle.lists == {}
    assert bundle.sources[0].triggers == []


def test_list_of_documents_is_several_workflows():
    bundle = highlevel.split([workflow("A"), {"workflow": workflow("B")}, 7])
    assert [source.name for source in bundle.sources] == ["A", "B"]
    assert not bundle.whole_account


def test_list_of_steps_is_one_workflow():
    source = only([SMS, SMS | {"id": "s2"}])
    assert len(highlevel.translate(source).steps) == 2


def test_aliases_of_bundles_are_understood():
    entry = {
        "id": "w2",
        "name": "Aliased",
        "status": "published",
        "settings": {
            "allowReentry": True,
            "stopOnResponse": False,
            "timezone": "contact",
            "sendingWindow": {"start": "09:00", "end": "17:00"},
        },
        "steps": [{"_id": "a", "type": "sms", "meta": {"body": "Hi"}}],
        "triggers": [
            {
                "_id": "t",
                "type": "contact_tag",
                "filters": [{"field": "tagsAdded", "value": "Vip "}],
            }
        ],
    }
    graph = highlevel.translate(highlevel.split({"workflows": [entry], "tags": []}).sources[0])
    trigger, step = graph.steps
    assert step.id == "a"
    assert step.params == {"body": "Hi"}
    assert trigger.filters[0].values == ("vip",)
    assert graph.settings.reentry is True
    assert graph.settings.stop_on_response is False
    assert graph.settings.timezone == "contact"
    assert graph.settings.window == {"start": "09:00", "end": "17:00"}


@pytest.mark.parametrize("key", ["templates", "steps", "actions"])
def test_steps_may_stand_in_the_document_itself(key):
    source = only({"name": "Flat", "status": "draft", key: [SMS]})
    assert [step.type for step in highlevel.translate(source).steps] == ["sms"]


# -- accounts ----------------------------------------------------------------------------------


def test_account_bundle_knows_only_the_lists_that_are_there():
    bundle = highlevel.split(
        {
            "workflows": [workflow()],
            "custom_values": [{"_id": "v1", "name": "phone"}],
            "tags": ["vip"],
            "calendars": [],
            "users": None,
            "folders": [{"id": "f"}],
        }
    )
    assert bundle.whole_account
    assert bundle.lists == {
        "customValues": [{"_id": "v1", "name": "phone", "id": "v1"}],
        "tags": ["vip"],
        "calendars": [],
    }


def test_list_wrapped_as_an_api_answers_it_is_unwrapped():
    bundle = highlevel.split({"workflows": [workflow()], "pipelines": {"pipelines": [{"id": "p"}]}})
    assert bundle.lists == {"pipelines": [{"id": "p"}]}


def test_statistics_become_rows_with_the_workflows_id():
    bundle = highlevel.split(
        {"workflows": [workflow()], "stats": {"w1": {"enrollments": 0}, "w2": 5}}
    )
    assert bundle.lists["stats"] == [
        {"enrollments": 0, "id": "w1"},
        {"id": "w2", "enrollments": 5},
    ]


def test_list_that_is_an_object_of_something_else_is_not_known():
    bundle = highlevel.split({"workflows": [workflow()], "users": {"total": 3}, "tags": []})
    assert bundle.lists == {"tags": []}


def test_entries_of_an_account_that_say_only_their_name_are_kept():
    bundle = highlevel.split({"workflows": [workflow(), {"id": "w2", "name": "B"}], "tags": []})
    graph = highlevel.translate(bundle.sources[1])
    assert graph.missing[Need.CONTENT] == "the steps are not in this file"


def test_junk_among_an_accounts_workflows_is_left_out():
    bundle = highlevel.split({"workflows": [None, 3, {}, [], workflow()], "tags": []})
    assert len(bundle.sources) == 1


# -- single steps ------------------------------------------------------------------------------


def test_single_step_is_a_workflow_of_one_with_unknown_neighbours():
    source = only(SMS | {"next": "elsewhere"})
    graph = highlevel.translate(source)
    assert [step.id for step in graph.steps] == ["s1"]
    assert graph.dangling == []
    assert graph.entries == [0]
    assert graph.missing == {Need.TRIGGERS: "the triggers are not in this file"}


def test_the_same_next_in_a_workflow_is_dangling():
    graph = highlevel.translate(
        only(workflow(workflowData={"templates": [SMS | {"next": "gone"}]}))
    )
    assert [loose.target for loose in graph.dangling] == ["gone"]


# -- trigger files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [[TRIGGER], {"triggers": [TRIGGER]}, TRIGGER, {"trigger": TRIGGER}]
)
def test_trigger_file_is_merged_in_all_its_shapes(content):
    assert only(highlevel.merge_trigger_file(workflow(), content)).triggers == [TRIGGER]


def test_trigger_file_is_merged_into_an_envelope_too():
    assert only(highlevel.merge_trigger_file({"workflow": workflow()}, [TRIGGER])).triggers == [
        TRIGGER
    ]


def test_empty_trigger_file_means_no_triggers():
    assert only(highlevel.merge_trigger_file(workflow(), [])).triggers == []


@pytest.mark.parametrize("content", [None, 5, "x", {}, {"name": "no type"}])
def test_file_without_triggers_leaves_them_unknown(content):
    assert only(highlevel.merge_trigger_file(workflow(), content)).triggers is None


@pytest.mark.parametrize("content", [None, [], "text", 4])
def test_trigger_file_beside_something_else_changes_nothing(content):
    assert highlevel.merge_trigger_file(content, [TRIGGER]) == content


# -- what is and what is not ours --------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        workflow(),
        {"workflow": workflow()},
        {"workflows": [workflow()]},
        {"workflows": [{"id": "w", "name": "n"}], "customValues": []},
        [workflow()],
        SMS,
        {"$schema": "ghl-workflow-export/v1", "workflow": None},
        {"id": "w", "name": "n", "status": "draft", "locationId": "l"},
        {"name": "n", "fileUrl": "https://example.com/w.json"},
        {"name": "n", "templates": []},
        {"name": "n", "templates": [{"id": "a", "type": "sms"}]},
    ],
)
def test_highlevel_documents_are_recognised(document):
    assert highlevel.recognise(document)


@pytest.mark.parametrize(
    "document",
    [
        None,
        0,
        "workflowData",
        True,
        [],
        {},
        [[]],
        {"nodes": [], "connections": {}, "name": "n8n"},
        {"nodes": [{"type": "n8n-nodes-base.set", "parameters": {}}], "status": "draft", "id": "1"},
        {"workflows": [{"name": "n", "nodes": []}], "tags": []},
        [{"id": "a", "type": "tab"}, {"id": "b", "z": "a", "type": "inject", "wires": [[]]}],
        {"name": "Make", "flow": [{"id": 1, "module": "http:ActionSendData"}]},
        {"name": "mail", "templates": [{"html": "<p>"}]},
        {"workflows": []},
        {"workflows": {}},
        {"workflow": {}},
        {"name": "n", "status": "open"},
        {"type": "sms"},
        TRIGGER | {"actions": [{"workflow_id": "w1", "type": "add_to_workflow"}]},
        [TRIGGER | {"masterType": "highlevel", "actions": [{"type": "add_to_workflow"}]}],
    ],
)
def test_other_documents_are_not_recognised(document):
    assert not highlevel.recognise(document)


@pytest.mark.parametrize(
    "document",
    [None, 1, "x", [], {}, [1, "a"], {"workflows": []}, {"workflows": [None]}, {"nodes": []}],
)
def test_splitting_what_holds_no_workflow_is_refused(document):
    with pytest.raises(UnsupportedDefinition, match="no HighLevel workflow"):
        highlevel.split(document)
