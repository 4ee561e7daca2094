"""Brings workflows in: from uploads, from a platform's list, from what was analysed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.billing.entitlements import require_room
from apps.ops.cache import drop
from apps.workflows.intake import (
    LONGEST_ID,
    LONGEST_NAME,
    UNNAMED,
    Fault,
    Incoming,
    Intake,
    identity_of,
    take_in,
    tell_apart,
)
from apps.workflows.models import ReferenceList, Workflow, WorkflowVersion
from apps.workflows.platforms.loading import Document, scrub
from apps.workflows.selectors import LIVE_SOURCES, workflows_tag, workflows_used
from apps.workflows.services.checks import invalid, require_platform


@dataclass(slots=True)
class Imported:
    """What an import did; ``unchanged`` counts workflows whose content was already known."""

    workflows: list[Workflow] = field(default_factory=list)
    imported: int = 0
    unchanged: int = 0
    errors: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listed:
    """A workflow as a platform's list names it: without its steps."""

    external_id: str
    name: str
    status: str = Workflow.Status.UNKNOWN


@dataclass(frozen=True, slots=True)
class Kept:
    """A workflow's row, its version (none where only its name is known), and what was new."""

    workflow: Workflow
    version: WorkflowVersion | None
    is_new_content: bool


def workflow_import(
    *,
    account: Account,
    documents: Iterable[Document],
    user: User | None = None,
    source: Workflow.Source = Workflow.Source.UPLOAD,
    platform: str | None = None,
    name: str | None = None,
) -> Imported:
    """Keep every workflow in the documents, and the account's reference lists beside them.

    What cannot be understood is listed in ``errors`` and the rest is kept. The same content
    again adds nothing. Raises ``validation_error`` for an unknown platform or a name for several,
    ``plan_limit`` as ``workflows_keep``.
    """
    chosen, intake = require_platform(platform), Intake()
    for document in documents:
        take_in(document, intake, platform=chosen)
    tell_apart(intake)
    if name:
        intake.workflows = [_named(intake, name)]
    with transaction.atomic():
        kept = workflows_keep(account=account, incoming=intake.workflows, source=source, user=user)
        reference_lists_keep(account=account, lists=intake.lists, location_id=intake.location)
    new = sum(each.is_new_content for each in kept)
    rows = list({each.workflow.pk: each.workflow for each in kept}.values())
    return Imported(rows, new, len(kept) - new, intake.faults)


def _named(intake: Intake, name: str) -> Incoming:
    if len(intake.workflows) != 1 or intake.faults:
        raise invalid("name", "invalid", "A name can only be given to a single workflow.")
    return intake.workflows[0].named(scrub(name))


def workflow_from_listing(
    *, account: Account, platform: str, source: Workflow.Source, rows: Sequence[Listed]
) -> list[Workflow]:
    """Keep what a platform's list tells: names and states, no steps, hence no score."""
    incoming = [
        Incoming(
            platform=platform,
            name=scrub(row.name)[:LONGEST_NAME] or UNNAMED,
            external_id=scrub(row.external_id)[:LONGEST_ID],
            status=row.status,
            identity=identity_of(scrub(row.external_id), row.name),
        )
        for row in rows
    ]
    with transaction.atomic():
        kept = workflows_keep(account=account, incoming=incoming, source=source)
    return [each.workflow for each in kept]


def reference_lists_keep(
    *,
    account: Account,
    lists: Mapping[str, Sequence[Any]],
    source: ReferenceList.Source = ReferenceList.Source.UPLOAD,
    location_id: str = "",
) -> None:
    """Replace the account's reference lists of these kinds; others stay as they are."""
    for kind, data in lists.items():
        ReferenceList.objects.update_or_create(
            account=account,
            kind=kind,
            defaults={
                "data": list(data),
                "location_id": location_id,
                "source": source,
                "fetched_at": timezone.now(),
            },
        )


def workflows_keep(
    *,
    account: Account,
    incoming: Sequence[Incoming],
    source: Workflow.Source,
    user: User | None = None,
) -> list[Kept]:
    """A row and a version for each, made where they are new; in the caller's transaction.

    Writers of one account take turns, so that of many who bring the same at once one adds it.
    Raises ``plan_limit``, having changed nothing, when the plan has no room for all of them; a
    workflow known by its name alone takes none.
    """
    # Not a plain lock, which would hold off every insert that refers to the account.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    shelf = _Shelf(account, source, user)
    shelf.read(incoming)
    adding = shelf.count_new(incoming)
    if adding:
        used = workflows_used(account)
        require_room(account, "workflows", used=used, adding=adding)
    kept = [shelf.keep(each) for each in incoming]
    shelf.write()
    drop(workflows_tag(account.pk))
    return kept


class _Shelf:
    """The rows of one import: read in bulk, compared one by one, written in bulk."""

    def __init__(self, account: Account, source: Workflow.Source, user: User | None) -> None:
        self.account, self.source, self.user = account, source, user
        self.now = timezone.now()
        self.workflows: dict[tuple[str, str], Workflow] = {}
        self.listed: dict[tuple[str, str], list[Workflow]] = {}
        self.versions: dict[tuple[Any, str], WorkflowVersion] = {}
        self.newest: dict[Any, WorkflowVersion] = {}
        self.new_workflows: list[Workflow] = []
        self.new_versions: list[WorkflowVersion] = []
        self.changed: dict[Any, Workflow] = {}
        self.current_again: dict[Any, WorkflowVersion] = {}

    def read(self, incoming: Sequence[Incoming]) -> None:
        mine = Workflow.objects.filter(account=self.account)
        found = list(mine.filter(identity__in={each.identity for each in incoming}))
        self.workflows = {(each.platform, each.identity): each for each in found}
        names = {each.name for each in incoming if not each.external_id}
        for row in mine.filter(source__in=LIVE_SOURCES, name__in=names):
            self.listed.setdefault((row.platform, row.name), []).append(row)
            found.append(row)
        versions = WorkflowVersion.objects.filter(workflow__in=found)
        for version in versions.defer("definition").order_by("current_since", "pk"):
            self._add(version)

    def find(self, each: Incoming) -> Workflow | None:
        """Its row; for an export without an id also the only one so named in a platform's list."""
        known = self.workflows.get((each.platform, each.identity))
        if known is not None or each.external_id:
            return known
        listed = self.listed.get((each.platform, each.name), [])
        return listed[0] if len(listed) == 1 else None

    def count_new(self, incoming: Sequence[Incoming]) -> int:
        """How many of them have steps that so far no workflow of the account had."""
        places = {
            (each.platform, each.identity)
            for each in incoming
            if each.definition and ((row := self.find(each)) is None or row.pk not in self.newest)
        }
        return len(places)

    def _add(self, version: WorkflowVersion) -> None:
        self.versions[version.workflow_id, version.content_hash] = version
        self.newest[version.workflow_id] = version

    def keep(self, each: Incoming) -> Kept:
        workflow = self.find(each)
        if workflow is None:
            workflow = self._create(each)
            return Kept(workflow, self._version(workflow, each)[0], True)
        self._refresh(workflow, each)
        version, is_new = self._version(workflow, each)
        return Kept(workflow, version, is_new)

    def _create(self, each: Incoming) -> Workflow:
        workflow = Workflow(
            account=self.account,
            platform=each.platform,
            identity=each.identity,
            external_id=each.external_id,
            name=each.name,
            status=each.status,
            source=self.source,
        )
        self.workflows[each.platform, each.identity] = workflow
        self.new_workflows.append(workflow)
        return workflow

    def _refresh(self, workflow: Workflow, each: Incoming) -> None:
        # A live connection says more about where a workflow lives than an upload before it.
        source = self.source if self.source in LIVE_SOURCES else workflow.source
        now = (each.name, each.status, source)
        if now != (workflow.name, workflow.status, workflow.source):
            workflow.name, workflow.status, workflow.source = now
            self._touch(workflow)

    def _touch(self, workflow: Workflow) -> None:
        workflow.updated_at = self.now
        self.changed[workflow.pk] = workflow

    def _version(self, workflow: Workflow, each: Incoming) -> tuple[WorkflowVersion | None, bool]:
        newest = self.newest.get(workflow.pk)
        if not each.definition:
            return newest, False
        known = self.versions.get((workflow.pk, each.content_hash))
        if known is not None and known is newest:
            return known, False
        since = self.now
        if newest is not None:
            since = max(since, newest.current_since + datetime.timedelta(microseconds=1))
        self._touch(workflow)
        if known is not None:
            known.current_since = since
            self.current_again[known.pk] = known
            self._add(known)
            return known, False
        version = WorkflowVersion(
            workflow=workflow,
            content_hash=each.content_hash,
            definition=each.definition,
            created_by=self.user,
            current_since=since,
        )
        self.new_versions.append(version)
        self._add(version)
        return version, True

    def write(self) -> None:
        new = {workflow.pk for workflow in self.new_workflows}
        changed = [workflow for pk, workflow in self.changed.items() if pk not in new]
        Workflow.objects.bulk_create(self.new_workflows, batch_size=500)
        Workflow.objects.bulk_update(
            changed, ["name", "status", "source", "updated_at"], batch_size=500
        )
        WorkflowVersion.objects.bulk_create(self.new_versions, batch_size=100)
        WorkflowVersion.objects.bulk_update(
            [each for each in self.current_again.values() if not each._state.adding],
            ["current_since"],
            batch_size=500,
        )
