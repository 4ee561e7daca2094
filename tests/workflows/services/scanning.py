"""Bringing in workflows for scans."""

import json

from apps.workflows.models import Workflow
from apps.workflows.platforms.loading import documents
from apps.workflows.samples import sample
from apps.workflows.services import workflow_import

SAMPLES = ("critical", "medium", "healthy")


def bring(account, name: str, number: int = 0, **changes) -> Workflow:
    """A workflow of the account, by an identity of its own."""
    definition = sample(name)
    definition["workflow"] = {**definition["workflow"], "_id": f"{name}-{number}", **changes}
    text = json.dumps(definition).encode()
    [workflow] = workflow_import(account=account, documents=documents(text, "x.json")).workflows
    return workflow
