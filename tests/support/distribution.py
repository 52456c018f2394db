"""Which process runs what, when there are several: together what shares a set-up, long ones first.

pytest-xdist 3.8 hands over its groups by changing the ids of tests, which pytest 9.2 does not let
it do: it distributes them as if they had none, and says nothing. Here a group is found by the file.
"""

import os
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from xdist.scheduler import LoadScopeScheduling

from tests.journeys import windows
from tests.support.turns import THOROUGH, turn_of

CORES = os.cpu_count() or 1
ENGINES = ("sqlite", "postgresql")
# A page takes half as long again on PostgreSQL, and does not know on which it is.
ENGINES_OF_PAGES = (*["sqlite"] * 3, "postgresql")
TOGETHER = (
    "tests/house/test_hosting.py",  # one production behind nginx
    "tests/house/test_outage.py",  # one portal behind a line that is cut
    "tests/journeys/test_pages.py",  # remembers what axe has seen
    "tests/platform/kernel/test_durability.py",
)
JOURNEYS = "tests/journeys/"  # the others: what one browser has drawn and read serves all
TOGETHER_ON_AN_ENGINE = ("tests/house/test_fuzz.py",)  # one stage for each
# Those of many seconds; what comes after them is short, so that all processes end together.
LONG = (
    *TOGETHER,
    *TOGETHER_ON_AN_ENGINE,
    JOURNEYS,
    "tests/platform/mail/test_worker.py",
    *(f"tests/house/test_{name}.py" for name in ("counts", "graceful", "kills", "limits")),
    *(f"tests/house/test_{name}.py" for name in ("restore", "run", "writers")),
)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """The largest groups first, then each test by itself, in the order of their collection."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, name = nodeid.partition("::")
        if file in TOGETHER:
            return file
        if file.startswith(JOURNEYS):
            return JOURNEYS
        if file in TOGETHER_ON_AN_ENGINE:
            return next((f"{file} on {engine}" for engine in ENGINES if engine in name), file)
        return nodeid

    def _reschedule(self, node: Any) -> None:
        """A process more than there are cores fills them while others wait for a browser or a
        clock. Once nothing long is left it ends: it would only learn what the others know."""
        others = [one for one in self.nodes if one is not node and not one.shutting_down]
        if len(others) >= CORES and self.workqueue and not self._has_long_ones(*others):
            node.shutdown()
            return
        super()._reschedule(node)

    def remove_node(self, node: Any) -> str | None:
        """The test of which a process died, if it did; others get what it left to do, and no more:
        xdist would hand over what it had done too, and the test that killed it once again."""
        work = self.assigned_work.pop(node)
        left = {scope: unit for scope, unit in work.items() if False in unit.values()}
        if not left:
            return None
        begun = next(iter(left.values()))
        deadly = next(name for name, done in begun.items() if not done)
        begun[deadly] = True
        self.workqueue.update(
            {scope: unit for scope, unit in left.items() if False in unit.values()}
        )
        for other in self.assigned_work:
            self._reschedule(other)
        return deadly

    def _has_long_ones(self, *nodes: Any) -> bool:
        """Still to be given to somebody, or given to one of these and not done."""
        work = [self.assigned_work[one] for one in nodes]
        given = (scope for units in work for scope, unit in units.items() if False in unit.values())
        return next(iter(self.workqueue)).startswith(LONG) or any(
            scope.startswith(LONG) for scope in given
        )


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
    items[:] = sorted(kept, key=_place)


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """As pytest has it, but from process to process go three messages of a test, not six: that its
    surroundings were made and left is told where it failed."""
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _place(item: pytest.Item) -> int:
    """The journeys take longest, and leave most to do beside them."""
    starts = item.nodeid.startswith
    return 0 if starts(JOURNEYS) else 1 if starts(LONG) else 2


def _has_its_turn(item: pytest.Item) -> bool:
    return THOROUGH or (_is_on_its_engine(item) and _is_in_its_window(item))


def _is_on_its_engine(item: pytest.Item) -> bool:
    """A test that looks at pages does so on one engine, and one of what a step does to old rows.

    Commands and queries are tried on both, and so is every form and page by the fuzz test, and all
    steps up, down and up again.
    """
    names: list[str] = getattr(item, "fixturenames", [])
    engine, ways = _given(item, "house"), ENGINES_OF_PAGES
    if "migrated_app" in names:
        engine, ways = _given(item, "empty_app"), ENGINES
    elif "browser_for" not in names or "statements" in names:
        return True
    return engine is None or bool(engine == turn_of(item.nodeid.replace(engine, ""), ways))


def _is_in_its_window(item: pytest.Item) -> bool:
    """A journey that is not what the portal is for is made in one of two windows."""
    window = _given(item, "window")
    if window is None:
        return True
    others = item.nodeid.replace(windows.name(window), "")
    return bool(window == turn_of(others, windows.BOTH))


def _given(item: pytest.Item, fixture: str) -> Any:
    """What a test gets of what this fixture offers to all; None: it does not, or names its own."""
    called = getattr(item, "callspec", None)
    if called is None or fixture not in called.params:
        return None
    named = (mark.args[0] for mark in item.iter_markers("parametrize"))
    return None if fixture in named else called.params[fixture]
