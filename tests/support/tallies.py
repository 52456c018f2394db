"""Counts that tests report at the end of the run, such as requests sent and writes lost.

    def test_writers(tell):
        tell("writers on sqlite", writes=412, kills=12, lost=0)
        tell("fuzz", **{"requests": 2000, "answers ≥ 500": 0})

A failed test reports too if it calls `tell` before what may fail.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

PROPERTY = "tally"


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Return a function that reports a label and counts on one line at the end of the run.

    The line is stored in the test's report, which xdist processes send to the controller.
    """

    def note(label: str, **facts: object) -> None:
        counted = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items())
        request.node.user_properties.append((PROPERTY, f"{label}: {counted}"))

    return note


@pytest.hookimpl(wrapper=True, tryfirst=True)  # around pytest's own, which prints the counts
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Print the reported lines after pytest's own summary."""
    told = yield
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:  # an xdist process, which has sent them to the controller
        return told
    lines = [
        line
        for reports in reporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, line in report.user_properties
        if name == PROPERTY
    ]
    if lines:
        reporter.section("what was counted")
        for line in sorted(lines):
            reporter.write_line(line)
    return told
