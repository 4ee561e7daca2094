"""The three sample workflows: HighLevel exports an agency could have, from broken to sound."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

NAMES = ("critical", "medium", "healthy")


@cache
def sample_text(name: str) -> str:
    """A sample's file; ``name`` is one of ``NAMES``."""
    return (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")


def sample(name: str) -> Any:
    """A sample's definition, a fresh copy each time."""
    return json.loads(sample_text(name))
