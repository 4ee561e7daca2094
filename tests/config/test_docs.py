"""The documents name only what there is: tests, commands, variables, alerts, pages."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from apps.ops.alerts.registry import CONDITIONS
from config import env

ROOT = Path(__file__).resolve().parents[2]
PAGES = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
OURS = ["deployment.md", "monitoring.md", "troubleshooting.md", "security.md"]


@pytest.mark.parametrize("name", OURS)
def test_pages_for_operators_are_there(name):
    assert len(PAGES[name]) > 1000


def test_every_test_that_security_rests_on_exists():
    named = re.findall(r"`((?:[a-z_]+/)+test_\w+\.py)(?:::(\w+))?`", PAGES["security.md"])
    assert len(named) > 40
    for path, test in named:
        file = ROOT / "tests" / path.removeprefix("tests/")
        assert file.exists(), path
        assert not test or f"def {test}(" in file.read_text()


def test_every_chapter_of_the_standard_has_its_part():
    chapters = re.findall(r"^## V(\d+) ", PAGES["security.md"], re.MULTILINE)
    assert [int(each) for each in chapters] == list(range(1, 15))


@pytest.mark.parametrize("name", PAGES)
def test_every_command_exists(name):
    commands = set(re.findall(r"manage\.py (\w+)", PAGES[name])) - {"COMMAND"}
    assert commands <= set(get_commands())


@pytest.mark.parametrize("name", OURS)
def test_every_variable_exists(name):
    known = {*env.variables(), *(f"{each}_FILE" for each in env.variables())}
    named = re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`", PAGES[name])
    assert set(named) <= known


def test_every_alert_is_told_and_has_its_remedy():
    remedies = set(re.findall(r"^### ([a-z0-9-]+)$", PAGES["troubleshooting.md"], re.MULTILINE))
    table = set(re.findall(r"^\| `([a-z0-9-]+)` \|", PAGES["monitoring.md"], re.MULTILINE))
    ours = {name for name in CONDITIONS if not name.startswith("test")}
    assert ours == remedies == table


@pytest.mark.parametrize("name", PAGES)
def test_every_link_to_a_page_leads_somewhere(name):
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", PAGES[name]):
        # `make collection` writes it.
        assert target == "api" or (ROOT / "docs" / target).exists(), target


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES.values():
        assert set(re.findall(r"`make ([a-z-]+)", page)) <= targets
