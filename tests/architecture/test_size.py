"""Files and functions stay small enough to be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def sources() -> Iterator[Path]:
    for folder in ("apps", "config", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


FILES = [str(path.relative_to(ROOT)) for path in sources()]


@pytest.mark.parametrize("name", FILES)
def test_file_is_short_enough(name):
    assert len((ROOT / name).read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("tests")])
def test_functions_are_short_enough(name):
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse((ROOT / name).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("name", FILES)
def test_module_opens_with_its_purpose(name):
    tree = ast.parse((ROOT / name).read_text())
    assert not tree.body or ast.get_docstring(tree)
