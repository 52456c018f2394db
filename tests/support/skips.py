"""A last sentence on the tests that could not run here, and on what would let them."""

from typing import Any

from tests.support import chromium, dump_tools, nginx

REASONS = {"browser": chromium.HOW_TO, "nginx": nginx.HOW_TO, "back-up": dump_tools.HOW_TO}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One sentence per missing program, with how many tests wanted it."""
    skipped = terminalreporter.stats.get("skipped", [])
    for what, how_to in REASONS.items():
        without = sum(how_to in str(report.longrepr) for report in skipped)
        if without:
            terminalreporter.write_line(f"{without} {what} tests were skipped: {how_to}.")
