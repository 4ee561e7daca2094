"""The fixtures of the tests with real workers."""

from tests.ops.jobs import kinds
from tests.ops.jobs.workers import effects, workers

__all__ = ["effects", "kinds", "workers"]
