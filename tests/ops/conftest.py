"""What the tests of the floor share."""

import dataclasses

import pytest
from django.test import Client

TOKEN = "a-monitoring-token"


@pytest.fixture
def monitoring(settings) -> Client:
    """Who knows the monitoring token."""
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, monitoring_token=TOKEN)
    return Client(headers={"Authorization": f"Bearer {TOKEN}"})
