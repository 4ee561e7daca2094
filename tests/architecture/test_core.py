"""The core needs nothing but Python: import-linter names what it may not use, this what it may."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

WORKFLOWS = Path(__file__).resolve().parents[2] / "apps/workflows"
CORE = ("apps.workflows.analysis", "apps.workflows.platforms")
FILES = sorted(
    str(path.relative_to(WORKFLOWS))
    for folder in ("analysis", "platforms")
    for path in (WORKFLOWS / folder).rglob("*.py")
)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            if node.module == "apps.workflows":
                yield from (f"apps.workflows.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("name", FILES)
def test_core_module_imports_only_python_and_the_core(name):
    foreign = [
        module
        for module in imported(WORKFLOWS / name)
        if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith(CORE)
    ]
    assert foreign == []


@pytest.mark.parametrize("package", ["apps/__init__.py", "apps/workflows/__init__.py"])
def test_package_above_the_core_is_empty(package):
    assert (WORKFLOWS.parents[1] / package).read_text() == ""
