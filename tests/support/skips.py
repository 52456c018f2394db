"""A summary line on skipped tests and the programs they need."""

from typing import Any

from tests.support import chromium, dump_tools, nginx

PROMTOOL = "install promtool (on Debian: apt-get install prometheus), then run the tests again"
BUILDAH = (
    "install buildah, and make or pull the base image that the Containerfile names; then run the tests again"
)
COMPOSE = "install docker-compose (on Debian: apt-get install docker-compose), then run the tests again"
AGE = "install age and gpg (on Debian: apt-get install age gpg), then run the tests again"
HISTORY = "clone the repository with its history, then run the tests again"
REASONS = {
    "browser": chromium.HOW_TO,
    "nginx": nginx.HOW_TO,
    "back-up": dump_tools.HOW_TO,
    "alert": PROMTOOL,
    "image": BUILDAH,
    "composition": COMPOSE,
    "encryption": AGE,
    "rolling upgrade": HISTORY,
}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print one sentence per missing program, with the number of tests that need it."""
    skipped = terminalreporter.stats.get("skipped", [])
    for what, how_to in REASONS.items():
        without = sum(how_to in str(report.longrepr) for report in skipped)
        if without:
            terminalreporter.write_line(f"{without} {what} tests were skipped: {how_to}.")
