"""A marketing e-mail without a way out.

## Why it matters
Readers who cannot unsubscribe press “spam”, and mailbox providers then put everything you send into
that folder; in many places the link is required.

## How to fix
Add the unsubscribe link to the e-mail, or make sure the account's default unsubscribe footer is on.

## Bad
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "e", "type": "email", "name": "Spring offer", "order": 0,
       "attributes": {"subject": "Spring offer",
                      "html": "<p>Two for one in May.</p>"}}]}}

## Good
    {"name": "Follow-up", "status": "published",
     "workflowData": {"templates": [
      {"id": "e", "type": "email", "name": "Spring offer", "order": 0,
       "attributes": {"subject": "Spring offer", "html":
         "<p>Two for one.</p><a href='{{email.unsubscribe_link}}'>Unsubscribe</a>"}}]}}
"""

import re

from apps.workflows.analysis.facts.messages import content, has_template, is_blank, subject
from apps.workflows.analysis.findings import Confidence, Hit, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Step
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.LOW,
    confidence=Confidence.TENTATIVE,
    platforms=[HIGHLEVEL],
)

_WAYS_OUT = (
    *("unsubscribe", "opt out", "opt-out", "optout", "manage preferences", "email preferences"),
    *("abmelden", "désabonner", "désinscrire", "darse de baja", "cancelar la suscripción"),
)
#: A start or a subject that makes a mail an answer to something the contact has done.
_TRANSACTIONS = frozenset(
    {"appointment", "customer_appointment", "service_booking", "rental_booking", "invoice"}
    | {"payment_received", "order_submission", "two_step_form_submission", "refund"}
    | {"subscription", "estimate_update", "proposal_estimate_update", "shopify_order_placed"}
    | {"shopify_order_fulfilled", "ecommerce_order_fulfilled_trigger", "offer_access_granted"}
)
_TRANSACTIONAL = re.compile(
    r"\b(?:receipt|invoice|order|booking|appointment|confirmation|confirmed|password|login|code"
    r"|reminder|payment|ticket|quote|estimate|contract|your request|shipped|delivery)\b"
)


@rule.graph
def check(graph: Graph) -> Hit | None:
    mails = [step for step in graph.of_kind(Kind.MESSAGE) if step.spec.channel == "email"]
    if not mails:
        return None
    starts = [step for step in graph.triggers if step.enabled]
    if starts and all(step.type in _TRANSACTIONS for step in starts):
        return None
    mails = [step for step in mails if _is_without_way_out(step)]
    if not mails:
        return None
    return Hit(
        mails,
        f"There is no unsubscribe link in {names(mails)}: unless the account adds its default "
        "footer, readers have no way out.",
        anchored=False,
    )


def _is_without_way_out(step: Step) -> bool:
    body = content(step)
    if has_template(step) or not isinstance(body, str) or is_blank(body):
        return False
    lower = step.lower_text
    return not any(way in lower for way in _WAYS_OUT) and not _TRANSACTIONAL.search(
        subject(step).lower()
    )
