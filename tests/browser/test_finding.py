"""Which browser is taken, and that none is no silent pass."""

from pathlib import Path

import pytest

from tests.browser.finding import NAMES, find_browser


def program(place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("#!/bin/sh\n")
    place.chmod(0o755)
    return place


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Path:
    """A machine without any browser."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "own"))
    return Path(tmp_path)


def test_machine_without_a_browser_has_none(bare):
    assert find_browser() is None


@pytest.mark.parametrize("name", NAMES)
def test_browser_of_the_system_is_found(bare, name):
    found = program(bare / "bin" / name)
    assert find_browser() == str(found)


def test_browser_of_playwright_is_the_second_choice(bare):
    own = program(bare / "own/chromium-1200/chrome-linux/chrome")
    assert find_browser() == str(own)
    system = program(bare / "bin/chromium")
    assert find_browser() == str(system)


def test_other_files_of_playwright_are_no_browser(bare):
    program(bare / "own/chromium-1200/chrome-linux/chrome_crashpad_handler")
    assert find_browser() is None
