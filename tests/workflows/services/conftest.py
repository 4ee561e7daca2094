"""Scans of an account with a workflow of every sample."""

import pytest

from apps.workflows.models import Scan, Workflow
from apps.workflows.services import scan_create
from tests.workflows.services.scanning import SAMPLES, bring


@pytest.fixture
def workflows(pro) -> list[Workflow]:
    return [bring(pro, name) for name in SAMPLES]


@pytest.fixture
def scan(django_capture_on_commit_callbacks):
    def begin(account, **more) -> Scan:
        with django_capture_on_commit_callbacks(execute=True):
            made = scan_create(account=account, **more)
        made.refresh_from_db()
        return made

    return begin
