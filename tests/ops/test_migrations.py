"""Migrations go forward, back and forward again with data in the tables."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: One process for all of it: each start costs more than the migrations.
WALK = """
import django, json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

def counts():
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(tables):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found

def migrate(*target):
    call_command("migrate", *target, interactive=False, verbosity=0)

ours = ["workflows", "billing", "accounts", "webhooks", "ops"]
known = MigrationLoader(connection).disk_migrations
first = {app: min(name for label, name in known if label == app) for app in ours}
migrate()
call_command("create_demo", verbosity=0, stdout=open(os.devnull, "w"))
told = {"filled": counts()}
for app in ours:
    migrate(app, first[app])
told["back"] = counts()
migrate()
told["forward"] = counts()
call_command("create_demo", verbosity=0, stdout=open(os.devnull, "w"))
for app in ours:
    migrate(app, "zero")
told["zero"] = counts()
migrate()
print(json.dumps(told))
"""


def test_filled_database_goes_back_and_forward_again(own_database):
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": "",
        "SECRET_KEY": "k" * 40,
        "DATABASE_URL": own_database,
        "LOG_LEVEL": "CRITICAL",
    }
    ended = subprocess.run(
        [sys.executable, "-c", WALK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    told = json.loads(ended.stdout.splitlines()[-1])
    # What the very first migrations made comes through with every row.
    for table in ("accounts_user", "accounts_account", "workflows_workflow", "workflows_analysis"):
        assert told["filled"][table] > 0
        assert told["filled"][table] == told["back"][table] == told["forward"][table]
    assert set(told["forward"]) == set(told["filled"])
    assert not [
        name for name in told["zero"] if name.startswith(("workflows_", "billing_", "ops_"))
    ]
