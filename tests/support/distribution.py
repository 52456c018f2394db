"""Which process runs what, when there are several: together what shares a set-up, long ones first.

pytest-xdist 3.8 hands over its groups by changing the ids of tests, which pytest 9.2 does not let
it do: it distributes them as if they had none, and says nothing. Here a group is found by the file.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ENGINES = ("sqlite", "postgresql")
TOGETHER = (
    "tests/house/test_hosting.py",  # one production behind nginx
    "tests/house/test_outage.py",  # one portal behind a line that is cut
    "tests/journeys/test_pages.py",  # remembers what axe has seen
    "tests/kernel/test_durability.py",
)
TOGETHER_ON_AN_ENGINE = ("tests/house/test_fuzz.py",)  # one stage for each
# Those of many seconds; what comes after them is short, so that all processes end together.
LONG = (
    *TOGETHER,
    *TOGETHER_ON_AN_ENGINE,
    "tests/journeys/",
    "tests/delivery/test_worker.py",
    *(f"tests/house/test_{name}.py" for name in ("counts", "graceful", "kills", "limits")),
    *(f"tests/house/test_{name}.py" for name in ("restore", "run", "writers")),
)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """The largest groups first, then each test by itself, in the order of their collection."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, name = nodeid.partition("::")
        if file in TOGETHER:
            return file
        if file in TOGETHER_ON_AN_ENGINE:
            return next((f"{file} on {engine}" for engine in ENGINES if engine in name), file)
        return nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    return Scheduling(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(trylast=True)  # after pytest's own, which puts the tests of an engine together
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the processes of xdist; who runs a file alone wants its order."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(LONG))
