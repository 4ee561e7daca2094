"""The database has the shape that this code expects."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Severity, Verdict, failed, passed

SEVERITY = Severity.CRITICAL


def check(target: Target) -> Verdict:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        first = ", ".join(str(migration) for migration, _ in missing[:3])
        return failed(
            f"{len(missing)} migrations are missing ({first}).", "Run `manage.py migrate`."
        )
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    ours = {app for app, _ in executor.loader.disk_migrations}
    newer = sorted(f"{app}.{name}" for app, name in unknown if app in ours)
    if newer:
        return failed(
            f"The database knows migrations that this code does not ({', '.join(newer[:3])}).",
            "Deploy the code that brought them, or roll the database back to this code's.",
        )
    return passed("Every migration is applied.")
