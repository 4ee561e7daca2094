"""Marketing texts to contacts who may never have agreed to them.

## Why it matters
Promotional texts to people who have not said yes bring complaints and blocked numbers, and in many
places they are a legal risk for the business that sends them.

## How to fix
Start the workflow from a form, survey or reply in which the contact agrees, or put a condition on
the contact's consent (a tag or field) before the first promotional text.

## Bad
    {"name": "Spring sale", "status": "published", "triggers": [
      {"id": "t1", "type": "contact_tag", "name": "Tag added", "active": true,
       "conditions": [{"field": "tagsAdded", "operator": "index-of-true", "value": "cold leads"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Sale", "order": 0,
       "attributes": {"body": "Spring sale: 20% off until Sunday! Reply STOP to opt out."}}]}}

## Good
    {"name": "Spring sale", "status": "published", "triggers": [
      {"id": "t1", "type": "contact_tag", "name": "Tag added", "active": true,
       "conditions": [{"field": "tagsAdded", "operator": "index-of-true", "value": "sms opt-in"}]}],
     "workflowData": {"templates": [
      {"id": "s1", "type": "sms", "name": "Sale", "order": 0,
       "attributes": {"body": "Spring sale: 20% off until Sunday! Reply STOP to opt out."}}]}}
"""

import re

from apps.workflows.analysis.facts.messages import is_text, words
from apps.workflows.analysis.facts.triggers import live_triggers
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.TENTATIVE,
    platforms=[HIGHLEVEL],
    needs=(Need.TRIGGERS,),
)

#: Triggers in which the contact has just given a number or written first.
_AGREED = frozenset(
    {"form_submission", "survey_submission", "quiz_submitted", "two_step_form_submission"}
    | {"customer_reply", "facebook_lead_gen", "tik_tok_form_submitted", "conv_ai_trigger"}
    | {"linkedin_form_submitted", "google_lead_form_submitted", "whatsapp_referral"}
)
_MARKETING = re.compile(
    r"\d\s?% off|\b(?:sale|discount|promo(?:tion)?|coupon|special (?:offer|price|deal)|our offer"
    r"|limited[ -]time|last chance|exclusive|deal of|best deal|save (?:up to|\$|€|£|\d)"
    r"|black friday|cyber monday|free (?:trial|gift|month|consultation|valuation)|buy now|shop now"
    r"|order now|book now|sign up (?:now|today)|this week only|today only)\b",
    re.IGNORECASE,
)
#: What a condition, tag or field about consent is called.
_CONSENT = re.compile(
    r"consent|opt(?:ed)?[ _-]?in|\bdnd\b|do[ _-]?not[ _-]?disturb|permission|subscribe"
    r"|agree|terms|newsletter|marketing[ _-]?ok",
    re.IGNORECASE,
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    starts = live_triggers(graph)
    if not starts or any(_has_agreed(trigger) for trigger in starts):
        return None
    texts = [step for step in graph.of_kind(Kind.MESSAGE) if is_text(step) and _sells(step)]
    if not texts or any(_CONSENT.search(step.text) for step in graph.of_kind(Kind.BRANCH)):
        return None
    return Hit(
        texts,
        f"{names(texts)} {'advertises' if len(texts) == 1 else 'advertise'} to contacts who come "
        "in without having agreed: neither the trigger nor a condition asks for consent.",
        anchored=False,
    )


def _has_agreed(trigger: Step) -> bool:
    if trigger.type in _AGREED:
        return True
    return any(
        _CONSENT.search(f"{each.field} {' '.join(each.values)}"[:2000]) for each in trigger.filters
    )


def _sells(step: Step) -> bool:
    return _MARKETING.search((words(step) or "")[:5_000]) is not None
