"""What an account has decided about rules, as the core takes it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from apps.accounts.models import Account
from apps.ops.cache import cached
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.rules import all_rules
from apps.workflows.analysis.suppressions import Suppression as Silence
from apps.workflows.models import Analysis, RuleSettings, Suppression, Workflow
from apps.workflows.selectors.tags import history_tag

KEPT_SECONDS = 300
Rules = dict[str, Any]
ACTIVE, EXPIRED, STALE = STATES = ("active", "expired", "stale")


def rules_of(account: Account) -> Rules:
    """The account's severities and thresholds, less those of rules that are no more."""
    row = RuleSettings.objects.filter(account=account).first()
    return {} if row is None else usable(row.rules)


def usable(rules: Mapping[str, Any]) -> Rules:
    """What of these settings today's rules still understand; the names were right when stored."""
    known = all_rules()
    found: Rules = {}
    for rule_id, value in rules.items():
        if rule_id not in known:
            continue
        if isinstance(value, dict):
            value = {
                key: each
                for key, each in value.items()
                if key == "severity" or key in known[rule_id].options
            }
        if value:
            found[rule_id] = value
    return found


def merged(rules: Mapping[str, Any], more: Mapping[str, Any]) -> Rules:
    """Settings with others laid over them, each severity and each threshold for itself."""
    found = {rule_id: _whole(value) for rule_id, value in rules.items()}
    for rule_id, value in more.items():
        found[rule_id] = {**found.get(rule_id, {}), **_whole(value)}
    return found


def _whole(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {"severity": value}


def suppressions_for(account: Account) -> QuerySet[Suppression]:
    """The account's suppressions, newest first, the expired ones too."""
    return Suppression.objects.filter(account=account).order_by("-created_at", "-id")


def silences_of(account: Account, workflow: Workflow | None) -> list[Silence]:
    """What is to be set aside in an analysis of this workflow now."""
    return silences_by(account)(workflow)


def silences_by(account: Account) -> Callable[[Workflow | None], list[Silence]]:
    """The same for one workflow after another, read once."""
    now = timezone.now()
    alive = Q(expires_at=None) | Q(expires_at__gt=now)
    rows = list(suppressions_for(account).filter(alive))

    def of(workflow: Workflow | None) -> list[Silence]:
        places = (None, workflow.pk if workflow else None)
        return [
            Silence(row.reason, fingerprint=row.fingerprint, rule_id=row.rule_id, step=row.node_id)
            for row in rows
            if row.workflow_id in places
        ]

    return of


def suppression_find(account: Account, pk: uuid.UUID) -> Suppression:
    """One of the account's suppressions. Raises ``not_found``, for another account's too."""
    found = suppressions_for(account).filter(pk=pk).first()
    if found is None:
        raise ApplicationError("not_found", "There is no suppression with this id.")
    return found


def states_of(account: Account, suppressions: Sequence[Suppression]) -> dict[uuid.UUID, str]:
    """Whether each still does something: ``stale`` when the newest analyses of the workflows that
    it is about have nothing that it silences; without any analysis it is taken to be ``active``."""
    now = timezone.now()
    left = [row for row in suppressions if row.expires_at is None or row.expires_at > now]
    # What one silences never changes, so its id says it; what there is to silence, the tag.
    key = hashlib.sha256(b"".join(sorted(row.pk.bytes for row in left))).hexdigest()
    stale = cached(
        f"stale:{account.pk}:{key}",
        tags=[history_tag(account.pk)],
        seconds=KEPT_SECONDS,
        make=lambda: _stale(account, left),
    )
    found = {row.pk: EXPIRED for row in suppressions}
    return found | {row.pk: STALE if row.pk in stale else ACTIVE for row in left}


def _stale(account: Account, suppressions: Sequence[Suppression]) -> set[uuid.UUID]:
    concerned: set[uuid.UUID] = set()
    matched: set[uuid.UUID] = set()
    for workflow, findings in _newest_findings(account, suppressions):
        for row in suppressions:
            if row.pk not in matched and row.workflow_id in (None, workflow):
                concerned.add(row.pk)
                if any(_covers(row, finding) for finding in findings):
                    matched.add(row.pk)
        if len(matched) == len(suppressions):
            break
    return concerned - matched


def _newest_findings(
    account: Account, suppressions: Sequence[Suppression]
) -> Iterator[tuple[uuid.UUID, list[dict[str, Any]]]]:
    """Of each workflow concerned all that its last analysis found, silenced or not."""
    if not suppressions:
        return
    workflows = Workflow.objects.filter(account=account)
    about = {row.workflow_id for row in suppressions if row.workflow_id is not None}
    if all(row.workflow_id is not None for row in suppressions):
        workflows = workflows.filter(pk__in=about)
    last = Analysis.objects.filter(workflow=OuterRef("pk")).order_by("-created_at", "-id")
    newest = workflows.annotate(last=Subquery(last.values("pk")[:1])).values("last")
    rows = Analysis.objects.filter(pk__in=newest).values_list("workflow_id", "findings")
    for workflow, findings in rows.iterator(chunk_size=50):
        if workflow is not None:
            yield workflow, [*findings["issues"], *findings["suppressed"]]


def _covers(row: Suppression, finding: Mapping[str, Any]) -> bool:
    if row.fingerprint:
        return bool(finding["fingerprint"] == row.fingerprint)
    if finding["ruleId"] != row.rule_id:
        return False
    return not row.node_id or row.node_id in finding["nodeIds"]
