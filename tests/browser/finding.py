"""Which browser the tests use: the system's Chromium or Chrome, else one of playwright's own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = "no Chromium or Chrome was found; install one (apt-get install chromium) to run these"


def find_browser() -> str | None:
    """The path of the browser's program."""
    system = next((found for name in NAMES if (found := shutil.which(name))), None)
    if system:
        return system
    home = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright"
    own = sorted(Path(home).glob("chromium*/chrome-linux*/*")) if Path(home).is_dir() else []
    return next((str(path) for path in own if path.name in ("chrome", "headless_shell")), None)
