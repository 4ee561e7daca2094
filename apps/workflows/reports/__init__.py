"""Reports: a module with ``render(run) -> str`` per format; the folder is the registry."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Protocol, cast

from apps.workflows.reports.run import Run


class Report(Protocol):
    CONTENT_TYPE: str

    def render(self, run: Run) -> str: ...


def formats() -> list[str]:
    """The names of all report formats; modules that serve them have no ``render``."""
    found = (info.name for info in pkgutil.iter_modules(__path__))
    return sorted(name for name in found if hasattr(report(name), "render"))


def report(name: str) -> Report:
    """The report of a format; ``name`` is one of ``formats()``."""
    return cast(Report, importlib.import_module(f"{__name__}.{name}"))
