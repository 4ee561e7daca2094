"""Brings in what a connected platform has: names, steps where they are to be had, and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from apps.accounts.connections import connection_synced, connections_for
from apps.accounts.models import Account, Connection
from apps.ops.errors import ApplicationError
from apps.ops.jobs import enqueue
from apps.workflows.models import ReferenceList, Workflow
from apps.workflows.services.workflows import (
    Listed,
    reference_lists_keep,
    workflow_from_listing,
    workflow_import,
)
from apps.workflows.sources import Found, Source, source_of

#: So many definitions are held in memory and stored in one transaction.
BATCH = 50
JOB = "workflows.sync"


@dataclass(slots=True)
class Synced:
    """What came in. ``without_steps`` counts those whose steps the platform does not give, or the
    plan has no room for; ``faults`` those that could not be understood."""

    workflows: int = 0
    imported: int = 0
    without_steps: int = 0
    faults: int = 0


def sync_request(*, account: Account) -> list[Connection]:
    """Have every live connection of the account read in the background.

    Raises ``conflict`` when there is none.
    """
    found = connections_for(account).filter(state=Connection.State.CONNECTED)
    connections = list(found)
    if not connections:
        message = "No platform is connected; sign in with HighLevel or connect an n8n instance."
        raise ApplicationError("conflict", message)
    for connection in connections:
        enqueue(
            JOB,
            payload={"connection": str(connection.pk)},
            account_id=account.pk,
            key=str(connection.pk),
        )
    return connections


def connection_sync(*, connection: Connection, report: Callable[[int], None]) -> Synced:
    """Read a connection. Safe to repeat: what is known already adds nothing.

    ``report`` hears how many workflows are done. Raises ``upstream_*``; what was read before
    that stays.
    """
    source, synced = source_of(connection), Synced()
    for batch in _batches(source.workflows()):
        _keep(connection, source, batch, synced)
        synced.workflows += len(batch)
        report(synced.workflows)
    reference_lists_keep(
        account=connection.account,
        lists=source.references(),
        source=ReferenceList.Source.HIGHLEVEL,
        location_id=connection.location_id,
    )
    connection_synced(connection=connection)
    return synced


def _keep(connection: Connection, source: Source, batch: list[Found], synced: Synced) -> None:
    account, origin = connection.account, Workflow.Source(connection.provider)
    workflow_from_listing(
        account=account,
        platform=source.platform,
        source=origin,
        rows=[Listed(each.external_id, each.name, each.status) for each in batch],
    )
    documents = [each.document for each in batch if each.document is not None]
    synced.without_steps += len(batch) - len(documents)
    if not documents:
        return
    try:
        done = workflow_import(
            account=account, documents=documents, source=origin, platform=source.platform
        )
    except ApplicationError as refused:
        if refused.code != "plan_limit":
            raise
        # Their names are there; with a larger plan the next sync brings their steps.
        synced.without_steps += len(documents)
    else:
        synced.imported += done.imported
        synced.faults += len(done.errors)


def _batches(found: Iterable[Found]) -> Iterator[list[Found]]:
    rest = iter(found)
    while batch := list(islice(rest, BATCH)):
        yield batch
