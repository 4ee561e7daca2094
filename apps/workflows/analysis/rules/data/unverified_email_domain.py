"""E-mails, and no sending domain that is verified.

## Why it matters
Without a verified domain mailboxes take the mail for spam or refuse it: campaigns reach hardly
anybody, and the reputation of the address suffers with each attempt.

## How to fix
Verify a sending domain under Settings → Email Services → Dedicated Domain (SPF, DKIM and DMARC
records) before the workflow goes live.

## Bad
    {"emailDomains": [{"domain": "mail.harbour-dental.de", "verified": false}], "workflows": [
      {"id": "wf-a", "name": "Welcome", "status": "published", "workflowData": {"templates": [
        {"id": "s1", "type": "email", "name": "Welcome", "order": 0,
         "attributes": {"subject": "Welcome", "html": "<p>Good to have you.</p>"}}]},
       "triggers": []}]}

## Good
    {"emailDomains": [{"domain": "mail.harbour-dental.de", "verified": true}], "workflows": [
      {"id": "wf-a", "name": "Welcome", "status": "published", "workflowData": {"templates": [
        {"id": "s1", "type": "email", "name": "Welcome", "order": 0,
         "attributes": {"subject": "Welcome", "html": "<p>Good to have you.</p>"}}]},
       "triggers": []}]}
"""

from apps.workflows.analysis.facts.lists import lists_of, no_list
from apps.workflows.analysis.facts.messages import is_email
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Need
from apps.workflows.analysis.rule import Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.LISTS,),
)


@rule.graph
def check(graph: Graph) -> Hit | NotChecked | None:
    mails = [step for step in graph.steps if step.enabled and is_email(step)]
    lists = lists_of(graph)
    if not mails or lists is None:
        return None
    has_verified = lists.has_verified_domain
    if has_verified is None:
        return NotChecked(no_list("emailDomains"))
    if has_verified:
        return None
    verb = "is" if len(mails) == 1 else "are"
    message = f"{names(mails)} {verb} sent although no sending domain of the account is verified."
    return Hit(mails, message, anchored=False)
