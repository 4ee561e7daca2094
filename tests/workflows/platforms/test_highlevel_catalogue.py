"""HighLevel step types: the catalogue, types that depend on settings, and the real samples."""

import json
import os
from pathlib import Path

import pytest

from apps.workflows.analysis.graph import Effect, Kind, Need, Trait
from apps.workflows.platforms import highlevel
from apps.workflows.platforms.highlevel.catalogue import STEPS, TRIGGERS
from apps.workflows.platforms.highlevel.catalogue.apps import STEP_KEYS, TRIGGER_KEYS
from tests.workflows.platforms.test_highlevel_waits import step_of

CORPUS = os.environ.get("WORKFLOW_CORPUS")
SAMPLES = sorted(Path(CORPUS, "highlevel", "step-examples").glob("*.json")) if CORPUS else []
APPS = tuple(f"{app}: " for app in {**STEP_KEYS, **TRIGGER_KEYS})
needs_corpus = pytest.mark.skipif(not CORPUS, reason="WORKFLOW_CORPUS is not set")


# -- types that depend on settings -------------------------------------------------------------


def test_bot_waits_for_a_reply_only_where_it_is_switched_on():
    waiting = step_of("conversationai_ai_message", {"waitForReply": True}).spec.traits
    going_on = step_of("conversationai_ai_message", {"waitForReply": False}).spec.traits
    assert Trait.WAITS_FOR_REPLY in waiting
    assert Trait.WAITS_FOR_REPLY not in going_on


def test_any_step_may_be_made_to_branch():
    assert Trait.MULTIPATH in step_of("sms", {"convertToMultipath": True}).spec.traits
    assert Trait.MULTIPATH in step_of("chatgpt", {}, cat="multi-path").spec.traits
    assert Trait.MULTIPATH not in step_of("sms", {"convertToMultipath": False}).spec.traits
    assert step_of("workflow_split", {}, cat="multi-path").spec == STEPS["workflow_split"]


@pytest.mark.parametrize(
    ("way", "channel"),
    [("sms", "sms"), ("email", "email"), ("whatsapp", "whatsapp"), (None, "sms")],
)
def test_review_request_travels_the_way_it_is_set_to(way, channel):
    assert step_of("review_request", {"review_type": way}).spec.channel == channel


@pytest.mark.parametrize("kind", ["brand_new", "", None, 7, [], {}])
def test_unknown_type_is_kept_and_unknown(kind):
    found = step_of(kind, {"a": 1})
    assert found.kind is Kind.UNKNOWN
    assert found.params == {"a": 1}


@pytest.mark.parametrize("attributes", [None, [], "x", 4])
def test_attributes_of_another_type_are_absent(attributes):
    assert step_of("sms", attributes).params == {}


# -- catalogue ---------------------------------------------------------------------------------


def test_every_known_type_has_a_label_that_no_machine_wrote():
    for key, spec in (STEPS | TRIGGERS).items():
        assert spec.label, key
        assert "_" not in spec.label, key


def test_every_type_of_the_catalogue_is_there():
    """Seen in exports but not in the builder's own catalogue: three more."""
    extras = {"loop", "remove_from_all_workflows", "workflow_ai_generate_image"}
    foreign_steps = [spec for spec in STEPS.values() if spec.label.startswith(APPS)]
    foreign_triggers = [spec for spec in TRIGGERS.values() if spec.label.startswith(APPS)]
    assert extras < STEPS.keys()
    assert len(STEPS.keys() - extras) == 383
    assert len(TRIGGERS) == 204
    assert len(foreign_steps) == 231
    assert len(foreign_triggers) == 104
    for spec in foreign_steps + foreign_triggers:
        assert {Trait.FOREIGN, Trait.CALLS} <= spec.traits


def test_kinds_and_traits_agree():
    for key, spec in STEPS.items():
        assert spec.kind not in (Kind.TRIGGER, Kind.UNKNOWN), key
        assert (spec.kind is not Kind.MESSAGE) or {Trait.SENDS, Trait.NEEDS_CONTACT} <= spec.traits
        assert (Trait.SENDS in spec.traits) == bool(spec.channel), key
        assert Trait.STARTS not in spec.traits, key
    for key, spec in TRIGGERS.items():
        assert spec.kind is Kind.TRIGGER, key
        assert Trait.STARTS in spec.traits, key


def test_only_the_scheduler_brings_no_contact():
    assert [k for k, spec in TRIGGERS.items() if Trait.NEEDS_CONTACT not in spec.traits] == [
        "scheduler_trigger"
    ]


@pytest.mark.parametrize(
    "key", ["webhook", "custom_webhook", "internal_notification", "update_custom_value"]
)
def test_steps_that_work_without_a_contact(key):
    assert Trait.NEEDS_CONTACT not in STEPS[key].traits


@pytest.mark.parametrize(
    "key", ["manual-sms", "manual-call", "internal_notification", "task-notification", "ivr_say"]
)
def test_steps_that_send_nothing_to_the_contact(key):
    assert Trait.SENDS not in STEPS[key].traits


def test_only_bills_charge():
    assert {key for key, spec in STEPS.items() if Trait.CHARGES in spec.traits} == {
        "payments_create_invoice",
        "create_recurring_invoice",
        "stripe_one_time_charge",
    }


def test_retired_types_name_their_successor():
    retired = {k: s.deprecated for k, s in (STEPS | TRIGGERS).items() if s.deprecated}
    assert retired == {
        "create_opportunity": "Create Opportunity or Update Opportunity",
        "customer_appointment": "Appointment Status",
    }


# -- samples -----------------------------------------------------------------------------------


@needs_corpus
def test_there_are_samples():
    assert len(SAMPLES) >= 66


@needs_corpus
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_real_step_is_recognised_and_known(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    assert highlevel.recognise(document)
    (source,) = highlevel.split(document).sources
    graph = highlevel.translate(source)
    (step,) = graph.steps
    assert step.type == document["type"]
    assert step.kind is not Kind.UNKNOWN
    assert graph.dangling == []
    assert graph.edges == []
    assert set(graph.missing) == {Need.TRIGGERS}


@needs_corpus
def test_real_steps_have_the_effects_they_should():
    found = {}
    for path in SAMPLES:
        (source,) = highlevel.split(json.loads(path.read_text(encoding="utf-8"))).sources
        if effects := highlevel.translate(source).steps[0].effects:
            found[path.stem] = effects
    assert found["add_contact_tag"] == (Effect("tag", "sba", "add"),)
    assert found["remove_contact_tag"] == (Effect("tag", "remove", "remove"),)
    assert found["update_contact_field"] == (Effect("field", "em3R3rToFy8N0oYcJDwE", "clear"),)
    assert found["create_update_contact"] == (Effect("field", "phone", "set"),)
    assert found["internal_update_opportunity"] == (Effect("status", "lost", "set"),)
    assert found["remove_from_workflow"] == (Effect("workflow", "<uuid-002>", "stop"),)
    assert found["dnd_contact"] == (Effect("dnd", "all", "set"),)
    assert "sms" not in found
    assert "find_opportunity" not in found


@needs_corpus
def test_real_waits_have_their_length():
    lengths = {}
    for path in SAMPLES:
        (source,) = highlevel.split(json.loads(path.read_text(encoding="utf-8"))).sources
        if found := highlevel.translate(source).steps[0].wait:
            lengths[path.stem] = (found.type, found.minutes)
    assert lengths == {"wait": ("time", 4320.0), "drip": ("drip", 1.0)}
