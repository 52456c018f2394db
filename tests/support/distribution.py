"""Which process runs what, when there are several: together what shares a set-up, long ones first.

pytest-xdist 3.8 hands over its groups by changing the ids of tests, which pytest 9.2 does not let
it do: it distributes them as if they had none, and says nothing. Here a group is found by the file.
"""

from typing import Any
from zlib import crc32

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
    """In the processes of xdist; who runs a file alone wants its order, and both engines."""
    if not hasattr(config, "workerinput"):
        return
    kept = [item for item in items if _has_its_turn(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _has_its_turn(item)])
    items[:] = sorted(kept, key=lambda item: not item.nodeid.startswith(LONG))


def _has_its_turn(item: pytest.Item) -> bool:
    """Whether a test that looks at pages does so on this engine: each takes one, by its name.

    Commands and queries are tried on both, and so is every form and page by the fuzz test.
    """
    names: list[str] = getattr(item, "fixturenames", [])
    engine = _engine(item)
    if "browser_for" not in names or "statements" in names or engine is None:
        return True
    others = item.nodeid.replace(engine, "")
    return ENGINES.index(engine) == crc32(others.encode()) % len(ENGINES)


def _engine(item: pytest.Item) -> str | None:
    """That of a test which runs on both; None: it does not."""
    called = getattr(item, "callspec", None)
    if called is None or called.indices.get("house") is None:
        return None
    marks = item.iter_markers("parametrize")
    engine: str = called.params["house"]
    return None if any(mark.args[0] == "house" for mark in marks) else engine
