"""Findings move out of the result, so that lists need not read them."""

from typing import Any

from django.db import migrations, models


def move_out(apps: Any, schema_editor: Any) -> None:
    for analysis in apps.get_model("workflows", "Analysis").objects.iterator(chunk_size=50):
        issues = analysis.result.pop("issues", [])
        suppressed = analysis.result.pop("suppressed", [])
        analysis.findings = {"issues": issues, "suppressed": suppressed}
        analysis.save(update_fields=["result", "findings"])


def move_back(apps: Any, schema_editor: Any) -> None:
    for analysis in apps.get_model("workflows", "Analysis").objects.iterator(chunk_size=50):
        analysis.result.update(analysis.findings)
        analysis.save(update_fields=["result"])


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial")]

    operations = [
        migrations.AddField("analysis", "findings", models.JSONField(default=dict)),
        migrations.RunPython(move_out, move_back),
    ]
