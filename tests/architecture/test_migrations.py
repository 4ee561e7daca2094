"""While a release goes out, the old code and the new run on one database: no migration may break
either, nor hold a lock for long.

A migration that must (after two releases that prepared it, say) declares why it is safe:

    class Migration(migrations.Migration):
        zero_downtime = "The column is read by nobody since release 7."
"""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

#: What was there before anything ran in production: applied to empty databases alone.
BEFORE_PRODUCTION = {
    "accounts": 2,
    "billing": 2,
    "ops": 4,
    "webhooks": 1,
    "workflows": 6,
}
GONE = "old code still asks for it; stop using it first, remove it in a later release"
FORBIDDEN: dict[type[Operation], str] = {
    migrations.RemoveField: GONE,
    migrations.DeleteModel: GONE,
    migrations.RenameField: "old code knows the old name; add, copy and remove in steps",
    migrations.RenameModel: "old code knows the old name; set db_table instead",
    migrations.AlterModelTable: "old code knows the old name",
}


def problems(operations: Iterable[Operation]) -> list[str]:
    operations = list(operations)
    made = {each.name.lower() for each in operations if isinstance(each, migrations.CreateModel)}
    return [
        f"{each.describe()}: {problem}"
        for each in operations
        if (problem := _problem(each)) and not _of_new_table(each, made)
    ]


def _of_new_table(operation: Operation, made: set[str]) -> bool:
    return str(getattr(operation, "model_name", "")).lower() in made


def _problem(operation: Operation) -> str:
    for kind, problem in FORBIDDEN.items():
        if isinstance(operation, kind):
            return problem
    if isinstance(operation, migrations.AddField) and _needs_a_value(operation.field):
        return "old code inserts rows without it; give it null=True or db_default"
    if isinstance(operation, migrations.AlterField) and _needs_a_value(operation.field):
        return "may rewrite the table or refuse what old code inserts; null=True or db_default"
    if isinstance(operation, migrations.AddIndex) and not isinstance(
        operation, AddIndexConcurrently
    ):
        return "blocks every write while it is built; use apps.ops.migrating.AddIndexOnline"
    if isinstance(operation, migrations.AddConstraint):
        return "reads the whole table under a lock; AddConstraintNotValid, then ValidateConstraint"
    if isinstance(operation, migrations.RunSQL | migrations.RunPython) and not operation.reversible:
        return "there is no way back; give it a reverse, or noop"
    return ""


def _needs_a_value(field: models.Field) -> bool:
    return not field.null and not field.has_db_default() and not field.many_to_many


LOADER = MigrationLoader(None, ignore_no_migrations=True)
OURS = [config.label for config in apps.get_app_configs() if config.name.startswith("apps.")]
ALL = {key: each for key, each in LOADER.disk_migrations.items() if key[0] in OURS}
LATER = [key for key in ALL if int(key[1][:4]) > BEFORE_PRODUCTION.get(key[0], 0)]


def test_no_migration_breaks_running_code():
    found = {
        "/".join(key): told
        for key in sorted(LATER)
        if not getattr(ALL[key], "zero_downtime", "") and (told := problems(ALL[key].operations))
    }
    assert found == {}


@pytest.mark.parametrize("key", sorted(ALL), ids="/".join)
def test_migration_can_be_taken_back(key):
    assert all(operation.reversible for operation in ALL[key].operations)


@pytest.mark.parametrize("label", OURS)
def test_migrations_of_an_app_are_one_numbered_line(label):
    numbers = sorted(name[:4] for app, name in ALL if app == label)
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert len(LOADER.graph.leaf_nodes(label)) == 1


def add(field: models.Field, model: str = "old") -> migrations.AddField:
    return migrations.AddField(model, "x", field)


CHECK = models.CheckConstraint(condition=models.Q(x__gt=0), name="c")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("old", "x"),
        migrations.DeleteModel("Old"),
        migrations.RenameField("old", "x", "y"),
        migrations.RenameModel("Old", "New"),
        add(models.IntegerField(default=0)),
        add(models.TextField()),
        migrations.AlterField("old", "x", models.TextField()),
        migrations.AddIndex("old", models.Index(fields=["x"], name="i")),
        migrations.AddConstraint("old", CHECK),
        migrations.RunSQL("UPDATE old SET x = 1"),
        migrations.RunPython(lambda apps, editor: None),
    ],
    ids=lambda each: each.describe(),
)
def test_operation_that_breaks_running_code_is_refused(operation):
    assert len(problems([operation])) == 1


@pytest.mark.parametrize(
    "operations",
    [
        [migrations.CreateModel("New", [("id", models.AutoField(primary_key=True))])],
        [add(models.IntegerField(null=True))],
        [add(models.IntegerField(db_default=0, default=0))],
        [migrations.AlterField("old", "x", models.TextField(null=True))],
        [AddIndexConcurrently("old", models.Index(fields=["x"], name="i"))],
        [migrations.RemoveIndex("old", "i")],
        [migrations.RemoveConstraint("old", "c")],
        [migrations.RunPython(lambda apps, editor: None, migrations.RunPython.noop)],
        [
            migrations.CreateModel("New", [("id", models.AutoField(primary_key=True))]),
            add(models.TextField(), "new"),
            migrations.AddIndex("new", models.Index(fields=["x"], name="i")),
            migrations.AddConstraint("new", CHECK),
        ],
    ],
    ids=lambda each: " and ".join(one.describe() for one in each),
)
def test_operation_that_lets_old_code_run_passes(operations):
    assert problems(operations) == []
