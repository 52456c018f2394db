"""Where a Chromium is, for the journeys; and what to say when there is none."""

import os
import shutil
from pathlib import Path

# The first has no windows to draw: pages cost it a third less.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # A page lives for a second: code that is made quick for later is thrown away with it.
    "--js-flags=--no-opt --no-maglev",
]
HOW_TO = (
    "install Chromium (on Debian: apt-get install chromium-headless-shell), or name one in "
    "PORTAL_CHROMIUM, then run make test again"
)


def find() -> str | None:
    """A Chromium on this machine: the one named, one on the path, or Playwright's own."""
    named = os.environ.get("PORTAL_CHROMIUM")
    if named:
        return named
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    if on_path:
        return on_path
    own = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return str(own[-1]) if own else None


def is_required() -> bool:
    """In CI, a missing browser is a failure."""
    return os.environ.get("PORTAL_BROWSER") == "required" or bool(os.environ.get("CI"))
