"""`make scale`: what an analysis takes to store, and how the hot queries run over many rows.

On a database of its own it analyses the workflows below WORKFLOW_CORPUS (else the samples), then
makes SCALE_ROWS analyses (10 million unless told) with the accounts, workflows, versions, jobs and
deliveries that go with them, and shows PostgreSQL's plan for each query. Exit status 1 when a
query reads a large table from end to end.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.bench.core import corpus
from tests.deployed import database

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

ROWS = int(os.environ.get("SCALE_ROWS", str(10_000_000)))
#: So many analyses belong to one account, and to one workflow.
PER_ACCOUNT, PER_WORKFLOW = 1_000, 10
#: Tables of fewer rows may be read from end to end.
SMALL = 1_000
THE_ACCOUNT = "md5('account7')::uuid"


def main() -> int:
    with database() as url:
        os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        print("## Storage of an analysis\n")
        print("\n".join(storage()))
        started = time.monotonic()
        fill_all()
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
        print(f"\n## Queries over {ROWS:,} analyses\n", flush=True)
        print(f"(made in {time.monotonic() - started:.0f} s)\n")
        slow = [name for name, query in queries() if not show(name, query)]
        connection.close()
    if slow:
        print(f"Read from end to end: {', '.join(slow)}", file=sys.stderr)
    return int(bool(slow))


# -- storage -------------------------------------------------------------------------------


def storage() -> Iterator[str]:
    """Bytes per analysis with its indexes and its version, over real workflows."""
    import json

    from django.db import connection

    from apps.accounts.models import Account
    from apps.ops.errors import ApplicationError
    from apps.workflows.models import Analysis, WorkflowVersion
    from apps.workflows.services import analysis_create

    account = Account.objects.create(name="Storage")
    stored = 0
    for data in corpus():
        try:
            analysis_create(account=account, definition=json.loads(data))
        except ApplicationError:
            continue
        stored += 1
    with connection.cursor() as cursor:
        yield "| table | bytes each, indexes included |"
        yield "|---|---:|"
        for model in (Analysis, WorkflowVersion):
            table = model._meta.db_table
            cursor.execute("SELECT pg_total_relation_size(%s)", [table])
            size = cursor.fetchone()[0]
            yield f"| {table} ({stored} stored) | {size / max(1, stored):,.0f} |"
    Account.objects.filter(pk=account.pk).delete()


# -- rows ----------------------------------------------------------------------------------


#: Spread over a year.
WHEN = "now() - (n % 31536000) * interval '1 second'"


def fill_all() -> None:
    fill_workflows()
    fill_ledgers()


def fill_workflows() -> None:
    from apps.accounts.models import Account
    from apps.workflows.models import Analysis, Workflow, WorkflowVersion

    of_account = f"md5('account' || n / {PER_ACCOUNT // PER_WORKFLOW})::uuid"
    of_workflow = f"md5('workflow' || n / {PER_WORKFLOW})::uuid"
    fill(Account, ROWS // PER_ACCOUNT, id="md5('account' || n)::uuid", name="'Account ' || n")
    fill(
        *(Workflow, ROWS // PER_WORKFLOW),
        id="md5('workflow' || n)::uuid",
        account_id=of_account,
        identity="md5('identity' || n)",
        name="'Workflow ' || n",
        platform="'highlevel'",
        updated_at=WHEN,
    )
    fill(
        *(WorkflowVersion, ROWS // PER_WORKFLOW),
        id="md5('version' || n)::uuid",
        workflow_id="md5('workflow' || n)::uuid",
        content_hash="md5('content' || n)",
        definition="'{}'",
        current_since=WHEN,
    )
    fill(
        *(Analysis, ROWS),
        id="md5('analysis' || n)::uuid",
        account_id=f"md5('account' || n / {PER_ACCOUNT})::uuid",
        workflow_id=of_workflow,
        version_id=f"md5('version' || n / {PER_WORKFLOW})::uuid",
        created_at=WHEN,
        health_score="n % 101",
        grade="'Good'",
        content_hash="md5('content' || n)",
        result="'{}'",
    )


def fill_ledgers() -> None:
    from apps.ops.jobs import Job
    from apps.webhooks.models import Delivery

    fill(
        *(Job, ROWS // 2),
        id="md5('job' || n)::uuid",
        kind="'scan.chunk'",
        queue="'analysis'",
        state="case when n % 10000 = 0 then 'queued' else 'done' end",
        request_id="'r'",
        finished_at=WHEN,
    )
    fill(
        *(Delivery, ROWS // 10),
        source="'stripe'",
        event_id="'evt_' || n",
        type="'invoice.paid'",
        body="'{}'",
        state="case when n % 10000 = 0 then 'received' else 'processed' end",
        received_at=WHEN,
        event_created=WHEN,
        processed_at=WHEN,
    )


def fill(model: type[Model], rows: int, **expressions: str) -> None:
    """Insert rows; ``n`` counts them. What is not told gets the field's default."""
    from django.db import connection

    names: list[str] = []
    values: list[str] = []
    parameters: list[Any] = []
    for field in model._meta.concrete_fields:
        if field.primary_key and field.attname not in expressions:
            continue
        names.append(str(field.column))
        if field.attname in expressions:
            values.append(expressions[field.attname])
        else:
            values.append("%s")
            parameters.append(field.get_db_prep_save(field.get_default(), connection))
    table = model._meta.db_table
    sql = (
        f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608  (our own names)
        f"SELECT {', '.join(values)} FROM generate_series(0, {rows - 1}) AS n"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")  # foreign keys fit by themselves
        cursor.execute(sql.replace("n % ", "n %% "), parameters)
    print(f"{rows:,} rows in {table}", file=sys.stderr, flush=True)


# -- queries -------------------------------------------------------------------------------


def queries() -> Iterator[tuple[str, QuerySet[Any]]]:
    """The queries of requests and jobs that meet large tables, as the code itself makes them."""
    import hashlib

    from django.utils import timezone

    from apps.accounts.models import Account
    from apps.ops.jobs import Job
    from apps.webhooks.models import Delivery
    from apps.workflows import selectors
    from apps.workflows.models import Workflow, WorkflowVersion

    def made(name: str) -> uuid.UUID:
        return uuid.UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())

    account = Account.objects.get(pk=made("account7"))
    workflow = Workflow.objects.get(pk=made("workflow701"))
    history = selectors.analyses_filtered
    yield "history, first page", history(account).defer("findings")[:20]
    yield "history, page 10", history(account).defer("findings")[180:200]
    yield "history of a workflow", history(account, workflow=workflow.pk).defer("findings")[:20]
    yield "history by grade", history(account, grade="Good").defer("findings")[:20]
    for ordering in selectors.ORDERINGS[:5]:
        found = selectors.workflows_filtered(account, ordering=ordering)
        yield f"workflows by {ordering}", found[:20]
    yield "workflows by a word", selectors.workflows_filtered(account, search="flow 70")[:20]
    yield "versions of a workflow", selectors.versions_of(workflow)
    newest = WorkflowVersion.objects.filter(workflow=workflow).order_by("-current_since", "-id")
    yield "newest version", newest[:1]
    now = timezone.now()
    yield "jobs that are due", Job.objects.filter(state__in=Job.WAITING, run_at__lte=now)[:500]
    running = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now)
    yield "jobs whose worker died", running[:500]
    unsettled = Delivery.objects.filter(source="stripe", state__in=Delivery.OPEN)
    yield "deliveries that wait", unsettled[:500]
    known = Delivery.objects.filter(source="stripe", event_id="evt_4711")
    yield "a delivery by its id", known


def show(name: str, query: QuerySet[Any]) -> bool:
    """Print the plan; false when a large table is read from end to end."""
    plan = query.explain(analyze=True, buffers=True)
    lines = plan.splitlines()
    ran = next((line for line in lines if line.startswith("Execution Time")), "")
    reads = [line.strip() for line in lines if " Scan " in line]
    print(f"### {name}: {ran.removeprefix('Execution Time: ')}\n")
    print("\n".join(f"- {line}" for line in reads), end="\n\n", flush=True)
    return not any("Seq Scan" in line and _rows(line) > SMALL for line in reads)


def _rows(line: str) -> int:
    return int(float(line.rpartition("rows=")[2].split()[0]))


if __name__ == "__main__":
    sys.exit(main())
