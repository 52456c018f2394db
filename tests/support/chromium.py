"""Find a Chromium for browser tests, or explain how to install one."""

import os
import shutil
from pathlib import Path

from tests.support.nginx import NAME

# The headless shell comes first: it loads pages a third faster.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",  # of nginx
    # Pages live for a second, too short for optimised JavaScript to pay off.
    "--js-flags=--no-opt --no-maglev",
]
HOW_TO = (
    "install Chromium (on Debian: apt-get install chromium-headless-shell), or name one in "
    "PORTAL_CHROMIUM, then run make test again"
)


def find() -> str | None:
    """Return the Chromium in the environment variable, on the path, or installed by Playwright."""
    named = os.environ.get("PORTAL_CHROMIUM")
    if named:
        return named
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    if on_path:
        return on_path
    own = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return str(own[-1]) if own else None


def is_required() -> bool:
    """Tell whether a missing browser is a failure: in CI."""
    return os.environ.get("PORTAL_BROWSER") == "required" or bool(os.environ.get("CI"))
