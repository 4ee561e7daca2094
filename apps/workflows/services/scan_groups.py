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
from apps.workflows.inspection import Inspected, inspect_bundle
from apps.workflows.models import Analysis, ReferenceList, Scan, ScanItem, Workflow
from apps.workflows.platforms import open_document
from apps.workflows.platforms.base import Bundle, DefinitionError
from apps.workflows.platforms.loading import scrub
from apps.workflows.selectors import add_lists, history_tag, rules_of, silences_by, workflows_tag
from apps.workflows.services.analyses import analysis_build
from apps.workflows.services.scans import finish_after_commit
from apps.workflows.services.workflows import Kept

logger = logging.getLogger(__name__)

#: Analyses written in one transaction; after it they are never made again.
BATCH = 100
_WRITTEN = (
    "state", "analysis", "new", "fixed", "unchanged", "new_critical", "grade_before", "error",
)  # fmt: skip


class ScanOverError(Exception):
    """The scan was cancelled meanwhile."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one workflow: an analysis, not saved yet, or why there is none.

    Its graph is gone by then: of what waits to be written little is kept.
    """

    item: ScanItem
    analysis: Analysis | None = None
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
    for bundle, members in _bundles(scan, account, items):
        if isinstance(bundle, DefinitionError):
            yield from (Looked(item, error=bundle.message) for item in members if _is_open(item))
            continue
        for item, inspected in _inspect(bundle, members, config):
            result = inspected.analysis
            if result is None:
                error = inspected.error
                yield Looked(item, error=error.message if error else "There is nothing in it.")
                continue
            suppress([result], silences(item.workflow), timezone.now().date())
            result.graph.name = item.workflow.name
            yield Looked(item, _built(scan, item, result))


def _is_open(item: ScanItem) -> bool:
    return item.state == ScanItem.State.QUEUED


def _bundles(
    scan: Scan, account: Account, items: Sequence[ScanItem]
) -> Iterator[tuple[Bundle | DefinitionError, list[ScanItem]]]:
    """The whole account as one bundle per platform; of a large one each workflow by itself."""
    lists = list(ReferenceList.objects.filter(account=account))
    others = ScanItem.objects.filter(scan=scan, account=account).exclude(group=items[0].group)
    together = not others.exists() and not scan.only_changed
    whole = together and not Workflow.objects.filter(account=account, versions=None).exists()
    joined: dict[str, tuple[Bundle, list[ScanItem]]] = {}
    for item in items:
        if not together and not _is_open(item):
            continue
        try:
            bundle = _opened(item)
        except DefinitionError as error:
            yield error, [item]
            continue
        if not together:
            add_lists(bundle, account, lists)
            yield bundle, [item]
            continue
        empty = Bundle(bundle.platform, whole_account=whole)
        joint, members = joined.setdefault(bundle.platform, (empty, []))
        joint.sources.append(bundle.sources[0])
        joint.lists |= bundle.lists
        members.append(item)
    for joint, members in joined.values():
        add_lists(joint, account, lists)
        yield joint, members


def _opened(item: ScanItem) -> Bundle:
    text = item.version.definition
    document = json.loads(text)
    # Only an escape can carry what has to be taken out; most definitions have none.
    if "\\u" in text:
        document = scrub(document)
    return open_document(document, item.workflow.platform)


def _inspect(
    bundle: Bundle, members: Sequence[ScanItem], config: Config
) -> Iterator[tuple[ScanItem, Inspected]]:
    """Those that are still to be done; the others are there to be looked at with."""
    written = {place for place, item in enumerate(members) if not _is_open(item)}
    found = inspect_bundle(bundle, config, skip=written)
    for place, (item, inspected) in enumerate(zip(members, found, strict=False)):
        if place not in written:
            yield item, inspected


def _built(scan: Scan, item: ScanItem, result: Result) -> Analysis:
    kept = Kept(item.workflow, item.version, is_new_content=False)
    return analysis_build(
        result, item.version.content_hash, item.account, kept,
        user=scan.created_by, origin=Analysis.Origin.SCAN,
    )  # fmt: skip


def _write(scan: Scan, batch: Sequence[Looked]) -> None:
    """The results and that they are there, in one transaction."""
    with transaction.atomic():
        pks = [each.item.pk for each in batch]
        open_items = ScanItem.objects.filter(pk__in=pks, state=ScanItem.State.QUEUED)
        # Locked, so that of two workers that both have them one writes.
        mine = set(open_items.select_for_update().order_by("pk").values_list("pk", flat=True))
        todo = [each for each in batch if each.item.pk in mine]
        before = _analyses_before([each.item.workflow_id for each in todo])
        for each in todo:
            _settle(each, before.get(each.item.workflow_id))
        made = [each.analysis for each in todo if each.analysis is not None]
        Analysis.objects.bulk_create(made)
        ScanItem.objects.bulk_create(
            [each.item for each in todo],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=list(_WRITTEN),
        )
        failed = len(todo) - len(made)
        running = Scan.objects.filter(pk=scan.pk, state=Scan.State.RUNNING)
        if not running.update(done=F("done") + len(made), failed=F("failed") + failed):
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


def _settle(looked: Looked, before: Analysis | None) -> None:
    """The item is told what came of it, and what changed."""
    item = looked.item
    if looked.analysis is None:
        item.state, item.error = ScanItem.State.FAILED, looked.error[:500]
        return
    item.state, item.analysis = ScanItem.State.DONE, looked.analysis
    if before is not None:
        _compare(item, before, looked.analysis)


def _compare(item: ScanItem, before: Analysis, analysis: Analysis) -> None:
    """By fingerprint, as two analyses of a workflow are always compared."""
    old = {issue["fingerprint"] for issue in before.findings.get("issues", ())}
    now = {issue["fingerprint"]: issue["severity"] for issue in analysis.findings["issues"]}
    new = [fingerprint for fingerprint in now if fingerprint not in old]
    item.new, item.unchanged = len(new), len(now) - len(new)
    item.fixed = len(old - set(now))
    item.new_critical = sum(now[each] == Severity.CRITICAL.value for each in new)
    item.grade_before = before.grade
