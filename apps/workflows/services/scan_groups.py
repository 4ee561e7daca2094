"""One group of a scan: its workflows analysed together, written in batches, none of them twice."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from apps.accounts.models import Account
from apps.ops.cache import drop
from apps.ops.jobs import Job
from apps.workflows.analysis.config import Config, parse_rules
from apps.workflows.analysis.engine import Analysis as Result
from apps.workflows.analysis.findings import Severity
from apps.workflows.analysis.suppressions import suppress
from apps.workflows.inspection import inspect_bundle
from apps.workflows.models import Analysis, Scan, ScanItem, Workflow
from apps.workflows.platforms import open_document
from apps.workflows.platforms.base import Bundle, DefinitionError
from apps.workflows.platforms.loading import scrub
from apps.workflows.selectors import add_lists, history_tag, rules_of, silences_by, workflows_tag
from apps.workflows.services.analyses import analysis_build
from apps.workflows.services.scans import finish_after_commit
from apps.workflows.services.workflows import Kept

logger = logging.getLogger(__name__)

#: Analyses written in one transaction; after it they are never made again.
BATCH = 50
_WRITTEN = (
    "state", "analysis", "new", "fixed", "unchanged", "new_critical", "grade_before", "error",
)  # fmt: skip


class ScanOverError(Exception):
    """The scan was cancelled meanwhile."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one workflow: a result, or why there is none."""

    item: ScanItem
    result: Result | None = None
    error: str = ""


def group_run(job: Job) -> None:
    """Analyses what is left of a group: all of it, or what an earlier try had not written yet."""
    scan = Scan.objects.filter(pk=job.payload["scan"], state=Scan.State.RUNNING).first()
    if scan is None:
        return
    found = ScanItem.objects.filter(scan=scan, group=job.payload["group"])
    items = list(found.select_related("workflow", "version", "account").order_by("pk"))
    settled = sum(item.state != ScanItem.State.QUEUED for item in items)
    try:
        for batch in _batches(_look(scan, items)):
            _write(scan, batch)
            settled += len(batch)
            job.report(settled, len(items))
    except ScanOverError:
        logger.info("scan %s is over, its group %s stops", scan.pk, job.payload["group"])
        return
    if not ScanItem.objects.filter(scan=scan, state=ScanItem.State.QUEUED).exists():
        finish_after_commit(scan)


def _batches(looked: Iterator[Looked]) -> Iterator[list[Looked]]:
    batch: list[Looked] = []
    for each in looked:
        batch.append(each)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _look(scan: Scan, items: Sequence[ScanItem]) -> Iterator[Looked]:
    """One after another, so that what is not written yet is never much."""
    if not items:
        return
    account = items[0].account
    config, silences = parse_rules(rules_of(account)), silences_by(account)
    opened: dict[int, Bundle] = {}
    for item in items:
        try:
            opened[item.pk] = open_document(
                scrub(json.loads(item.version.definition)), item.workflow.platform
            )
        except DefinitionError as error:
            if item.state == ScanItem.State.QUEUED:
                yield Looked(item, error=error.message)
    for bundle, members in _bundles(scan, account, items, opened):
        for looked in _inspect(bundle, members, config):
            if looked.result is not None:
                suppress([looked.result], silences(looked.item.workflow), timezone.now().date())
            yield looked


def _bundles(
    scan: Scan, account: Account, items: Sequence[ScanItem], opened: dict[int, Bundle]
) -> Iterator[tuple[Bundle, list[ScanItem]]]:
    """The whole account as one bundle per platform; chunks of a large one each by itself."""
    others = ScanItem.objects.filter(scan=scan, account=account).exclude(group=items[0].group)
    together = not others.exists() and not scan.only_changed
    whole = together and not Workflow.objects.filter(account=account, versions=None).exists()
    joined: dict[str, tuple[Bundle, list[ScanItem]]] = {}
    for item in items:
        if (bundle := opened.get(item.pk)) is None:
            continue
        if not together:
            add_lists(bundle, account)
            yield bundle, [item]
            continue
        empty = Bundle(bundle.platform, whole_account=whole)
        joint, members = joined.setdefault(bundle.platform, (empty, []))
        joint.sources.append(bundle.sources[0])
        joint.lists |= bundle.lists
        members.append(item)
    for joint, members in joined.values():
        add_lists(joint, account)
        yield joint, members


def _inspect(bundle: Bundle, members: Sequence[ScanItem], config: Config) -> Iterator[Looked]:
    written = {n for n, item in enumerate(members) if item.state != ScanItem.State.QUEUED}
    found = inspect_bundle(bundle, config, skip=written)
    for place, (item, inspected) in enumerate(zip(members, found, strict=False)):
        if place in written:
            continue
        if inspected.analysis is None:
            error = inspected.error
            yield Looked(item, error=error.message if error else "There is nothing to analyse.")
            continue
        graph = inspected.analysis.graph
        graph.name = item.workflow.name
        yield Looked(item, inspected.analysis)


def _write(scan: Scan, batch: Sequence[Looked]) -> None:
    """The results and that they are there, in one transaction."""
    with transaction.atomic():
        pks = [each.item.pk for each in batch]
        open_items = ScanItem.objects.filter(pk__in=pks, state=ScanItem.State.QUEUED)
        # Locked, so that of two workers that both have them one writes.
        mine = set(open_items.select_for_update().order_by("pk").values_list("pk", flat=True))
        todo = [each for each in batch if each.item.pk in mine]
        before = _analyses_before([each.item.workflow_id for each in todo])
        made = [_made(scan, each, before.get(each.item.workflow_id)) for each in todo]
        Analysis.objects.bulk_create([analysis for analysis in made if analysis is not None])
        ScanItem.objects.bulk_create(
            [each.item for each in todo],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=list(_WRITTEN),
        )
        failed = sum(analysis is None for analysis in made)
        running = Scan.objects.filter(pk=scan.pk, state=Scan.State.RUNNING)
        if not running.update(done=F("done") + len(made) - failed, failed=F("failed") + failed):
            raise ScanOverError
        for account_id in {each.item.account_id for each in todo}:
            drop(workflows_tag(account_id), history_tag(account_id))


def _analyses_before(workflows: Sequence[Any]) -> dict[Any, Analysis]:
    last = Analysis.objects.filter(workflow=OuterRef("pk")).order_by("-created_at", "-id")
    newest = Workflow.objects.filter(pk__in=workflows).annotate(
        last=Subquery(last.values("pk")[:1])
    )
    found = Analysis.objects.filter(pk__in=newest.values("last")).only(
        "workflow_id", "grade", "findings"
    )
    return {analysis.workflow_id: analysis for analysis in found}


def _made(scan: Scan, looked: Looked, before: Analysis | None) -> Analysis | None:
    """The analysis to be stored; the item is told of it and of what changed."""
    item = looked.item
    if looked.result is None:
        item.state, item.error = ScanItem.State.FAILED, looked.error[:500]
        return None
    kept = Kept(item.workflow, item.version, is_new_content=False)
    analysis = analysis_build(
        looked.result, item.version.content_hash, item.account, kept,
        user=scan.created_by, origin=Analysis.Origin.SCAN,
    )  # fmt: skip
    item.state, item.analysis = ScanItem.State.DONE, analysis
    if before is not None:
        _compare(item, before, analysis)
    return analysis


def _compare(item: ScanItem, before: Analysis, analysis: Analysis) -> None:
    """By fingerprint, as two analyses of a workflow are always compared."""
    old = {issue["fingerprint"] for issue in before.findings.get("issues", ())}
    now = {issue["fingerprint"]: issue["severity"] for issue in analysis.findings["issues"]}
    new = [fingerprint for fingerprint in now if fingerprint not in old]
    item.new, item.unchanged = len(new), len(now) - len(new)
    item.fixed = len(old - set(now))
    item.new_critical = sum(now[each] == Severity.CRITICAL.value for each in new)
    item.grade_before = before.grade
