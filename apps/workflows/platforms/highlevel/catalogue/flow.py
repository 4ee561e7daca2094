"""Steps that steer the run, compute, think, call out or serve a phone call."""

from __future__ import annotations

from apps.workflows.analysis.graph import Kind
from apps.workflows.platforms.highlevel.catalogue.build import (
    CALLS,
    CONTACT,
    MULTIPATH,
    WAITS,
    WRITES,
    record,
    step,
)

#: What ``if_else`` and ``transition`` become where they only mark the start of a branch.
BRANCH_MARKER = step(Kind.MARKER, "Branch")

CONTROL = {
    "if_else": step(Kind.BRANCH, "If/Else"),
    "workflow_split": step(Kind.BRANCH, "Split"),
    "transition": BRANCH_MARKER,
    "wait": step(Kind.WAIT, "Wait"),
    "drip": step(Kind.WAIT, "Drip"),
    "goto": step(Kind.GOTO, "Go To"),
    "workflow_goal": step(Kind.GOAL, "Goal Event"),
    "loop": step(Kind.LOOP, "Loop"),
    "add_to_workflow": step(Kind.ENROL, "Add to Workflow", CONTACT),
    "remove_from_workflow": step(Kind.ENROL, "Remove from Workflow", CONTACT),
    "remove_from_all_workflows": step(Kind.ENROL, "Remove from All Workflows", CONTACT),
    # It says which date later waits count from, and holds nobody itself.
    "event_start_date": step(Kind.STEP, "Set Event Start Date"),
    "update_custom_value": step(Kind.WRITE, "Update Custom Value", WRITES),
}

COMPUTING = {
    "custom_code": step(Kind.CODE, "Custom Code"),
    "math_operation": record("Math Operation"),
    "array_functions": step(Kind.STEP, "Array Functions"),
    "datetime_formatter": step(Kind.STEP, "Date/Time Formatter"),
    "number_formatter": step(Kind.STEP, "Number Formatter"),
    "text_formatter": step(Kind.STEP, "Text Formatter"),
    "kb_search": step(Kind.STEP, "Knowledge Base Search"),
}

THINKING = {
    "ai_agent": step(Kind.AI, "AI Agent"),
    "agent_studio_execution": step(Kind.AI, "Invoke Agent in Agent Studio"),
    "chatgpt": step(Kind.AI, "GPT powered by OpenAI", CALLS),
    "workflow_ai_decision_maker": step(Kind.AI, "AI Decision Maker", MULTIPATH),
    "workflow_ai_intent_detection": step(Kind.AI, "AI Intent Detection", MULTIPATH),
    "workflow_ai_extract_data": step(Kind.AI, "AI Extract Data"),
    "workflow_ai_summarize_text": step(Kind.AI, "AI Summarize"),
    "workflow_ai_translate_content": step(Kind.AI, "AI Translate"),
    "workflow_ai_generate_image": step(Kind.AI, "AI Generate Image"),
}

#: Outgoing data needs no contact: what a workflow sends may come from a webhook or a schedule.
CALLS_OUT = {
    "webhook": step(Kind.CALL, "Webhook", CALLS),
    "custom_webhook": step(Kind.CALL, "Custom Webhook", CALLS),
    "google_sheets": step(Kind.WRITE, "Google Sheets", CALLS, WRITES),
    "facebook_add_to_custom_audience": step(
        Kind.CALL, "Add to Custom Audience (Facebook)", CALLS, CONTACT
    ),
    "facebook_remove_from_custom_audience": step(
        Kind.CALL, "Remove from Custom Audience (Facebook)", CALLS, CONTACT
    ),
    "facebook_conversion_api": step(Kind.CALL, "Facebook Conversion API", CALLS, CONTACT),
    "google_adword": step(Kind.CALL, "Add to Google AdWords", CALLS, CONTACT),
    "google_analytics": step(Kind.CALL, "Add to Google Analytics", CALLS, CONTACT),
    "generate_marketing_audit_report": step(Kind.STEP, "Generate Marketing Audit Report", CONTACT),
}

#: The caller is on the line already: what is said here is no message out of the blue.
PHONE_MENU = {
    "ivr_say": step(Kind.STEP, "Say or Play Message", CONTACT),
    "ivr_gather": step(Kind.STEP, "Gather Input on Call", CONTACT, WAITS),
    "ivr_connect_call": step(Kind.STEP, "Connect to Call", CONTACT),
    "ivr_collect_voicemail": step(Kind.STEP, "Record Voicemail", CONTACT),
    "ivr_hangup": step(Kind.STEP, "End Call", CONTACT),
}
