"""Every e-mail there is: its subject, whether one may unsubscribe, and an example to preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Email:
    """`subject` is a template like the body, `templates/email/<name>.txt` and `.html`.

    One that is essential (about money, access or an operator's duty) reaches people who have
    unsubscribed from the rest.
    """

    subject: str
    essential: bool
    example: Mapping[str, Any] = field(default_factory=dict)


_ISSUE = {
    "name": "Lead nurture",
    "path": "/workflows/6f9619ff-8b86-d011-b42d-00cf4fc964ff",
    "grade": "High Risk",
    "before": "Good",
    "score": 42,
    "newCritical": 1,
}
EMAILS: Mapping[str, Email] = {
    "welcome": Email(
        "Welcome to Workflow Debugger",
        essential=True,
        example={"name": "Alice", "account": "Alice's agency"},
    ),
    "receipt": Email(
        "Your receipt for {{ amount }}",
        essential=True,
        example={
            "account": "Alice's agency",
            "plan": "Pro",
            "amount": "49.00 USD",
            "period": "1 March to 31 March 2027",
            "invoiceUrl": "https://invoice.stripe.com/i/example",
        },
    ),
    "payment_failed": Email(
        "Your payment did not go through",
        essential=True,
        example={
            "account": "Alice's agency",
            "amount": "49.00 USD",
            "retryAt": "4 March 2027",
            "graceUntil": "15 March 2027",
            "path": "/settings/plan",
        },
    ),
    "payment_action_required": Email(
        "Your bank wants you to confirm a payment",
        essential=True,
        example={
            "account": "Alice's agency",
            "amount": "49.00 USD",
            "invoiceUrl": "https://invoice.stripe.com/i/example",
        },
    ),
    "subscription_cancelled": Email(
        "Your subscription {% if endsAt %}ends on {{ endsAt }}{% else %}has ended{% endif %}",
        essential=True,
        example={"account": "Alice's agency", "plan": "Pro", "endsAt": "31 March 2027"},
    ),
    "plan_changed": Email(
        "You are now on the {{ plan }} plan",
        essential=True,
        example={"account": "Alice's agency", "plan": "Pro", "previous": "Free"},
    ),
    "connection_attention": Email(
        "{{ account }} is no longer connected to {{ provider }}",
        essential=True,
        example={
            "account": "Alice's agency",
            "provider": "HighLevel",
            "reason": "The authorisation was withdrawn.",
            "path": "/settings",
        },
    ),
    "scan_finished": Email(
        "Scan of {{ account }}: {{ done }} workflows, score {{ score }}",
        essential=False,
        example={
            "account": "Alice's agency",
            "done": 118,
            "failed": 2,
            "score": 71,
            "grade": "Needs Attention",
            "new": 9,
            "fixed": 4,
            "worse": [_ISSUE],
            "path": "/scans",
        },
    ),
    "weekly_summary": Email(
        "Your week in {{ account }}: score {{ score }}",
        essential=False,
        example={
            "account": "Alice's agency",
            "score": 71,
            "grade": "Needs Attention",
            "before": 68,
            "analyses": 26,
            "new": 9,
            "fixed": 12,
            "worst": [_ISSUE],
            "path": "/history",
        },
    ),
    "notice": Email(
        "{{ title }}",
        essential=False,
        example={
            "title": "Lead nurture got worse: Good → High Risk",
            "lines": ["Its score is 42 now, 3 findings are new."],
        },
    ),
    "alert": Email(
        "[Workflow Debugger] {{ title }}",
        essential=True,
        example={"title": "Jobs wait too long", "message": "Beyond 300 s wait default: 12 jobs."},
    ),
}
