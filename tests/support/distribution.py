"""Distribution of tests over xdist processes: grouped by shared fixtures, long groups first.

pytest-xdist 3.8 marks groups by changing test ids, which pytest 9.2 does not allow, so that groups
are silently ignored. Here a group is derived from the file.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from xdist.scheduler import LoadScopeScheduling

from tests.journeys import windows
from tests.support.turns import THOROUGH, turn_of

CORES = os.cpu_count() or 1
ENGINES = ("sqlite", "postgresql")
# Page tests take half as long again on PostgreSQL and do not depend on the engine.
ENGINES_OF_PAGES = (*["sqlite"] * 3, "postgresql")
ROOMS_ON_BOTH = ("commands.py", "queries.py")
# What names an engine, or lets several write together, depends on both.
WORDS_ON_BOTH = (
    *("sqlite", "postgresql", "dialect", "is_locked"),
    *("support.hands", "import hands", "Barrier", "ThreadPoolExecutor"),
)
TOGETHER = (
    "tests/house/test_hosting.py",  # one portal behind nginx
    "tests/house/test_outage.py",  # one portal behind a proxy that is cut
    "tests/journeys/test_rolling_upgrade.py",  # two versions of its own
    "tests/journeys/test_pages.py",  # remembers what axe has checked
    "tests/platform/kernel/test_durability.py",
)
JOURNEYS = "tests/journeys/"  # the others share a browser with its caches
TOGETHER_ON_AN_ENGINE = ("tests/house/test_fuzz.py",)  # one stage per engine
# Slow files come first, so that all processes end at about the same time.
LONG = (
    *TOGETHER,
    *TOGETHER_ON_AN_ENGINE,
    JOURNEYS,
    "tests/platform/mail/test_worker.py",
    *(
        f"tests/house/test_{name}.py"
        for name in ("bench", "counts", "fleet_kills", "graceful", "kills", "limits")
    ),
    *(f"tests/house/test_{name}.py" for name in ("restore", "run", "writers")),
)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Schedules the largest groups first, then single tests in collection order."""

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
        """Shut down the extra process once no long test is left.

        One process more than cores keeps them busy while others wait for a browser or a timer.
        """
        others = [one for one in self.nodes if one is not node and not one.shutting_down]
        if len(others) >= CORES and self.workqueue and not self._has_long_ones(*others):
            node.shutdown()
            return
        super()._reschedule(node)

    def remove_node(self, node: Any) -> str | None:
        """Return the test during which a process died, if any; reschedule its pending tests only.

        xdist would also rerun finished tests, and the one that killed the process.
        """
        work = self.assigned_work.pop(node)
        left = {scope: unit for scope, unit in work.items() if False in unit.values()}
        if not left:
            return None
        begun = next(iter(left.values()))
        deadly = next(name for name, done in begun.items() if not done)
        begun[deadly] = True
        self.workqueue.update({scope: unit for scope, unit in left.items() if False in unit.values()})
        for other in self.assigned_work:
            self._reschedule(other)
        return deadly

    def _has_long_ones(self, *nodes: Any) -> bool:
        """Tell whether a long test is not assigned yet, or not finished by these nodes."""
        work = [self.assigned_work[one] for one in nodes]
        given = (scope for units in work for scope, unit in units.items() if False in unit.values())
        return next(iter(self.workqueue)).startswith(LONG) or any(scope.startswith(LONG) for scope in given)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    return Scheduling(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(trylast=True)  # after pytest's own, which puts the tests of an engine together
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Select and sort tests under xdist only; a single process keeps all of them in order."""
    if not hasattr(config, "workerinput"):
        return
    kept = [item for item in items if _has_its_turn(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _has_its_turn(item)])
    items[:] = sorted(kept, key=_place)


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test as pytest does, but send three messages between processes instead of six.

    Setup and teardown are reported only when they fail.
    """
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _place(item: pytest.Item) -> int:
    """Return the sort key of a test: browser tests first, as they take longest."""
    starts = item.nodeid.startswith
    return 0 if starts(JOURNEYS) else 1 if starts(LONG) else 2


def _has_its_turn(item: pytest.Item) -> bool:
    return THOROUGH or (_is_on_its_engine(item) and _is_in_its_window(item))


def _is_on_its_engine(item: pytest.Item) -> bool:
    """Tell whether a test runs on its engine.

    On both: tests of commands and queries, without those of many cases; what counts the statements of
    one, names an engine or lets several write together. On one: all others, each test and each case.
    """
    names: list[str] = getattr(item, "fixturenames", [])
    engine, ways = _given(item, "house"), ENGINES_OF_PAGES
    if item.nodeid.startswith(TOGETHER_ON_AN_ENGINE):
        return engine is None or bool(engine == turn_of("fuzz", ENGINES))
    if "migrated_app" in names:
        engine, ways = _given(item, "empty_app"), ENGINES
    elif "browser_for" not in names:
        if "statements" in names or _is_on_both(item):
            return True
        ways = ENGINES
    return engine is None or bool(engine == turn_of(item.nodeid.replace(engine, ""), ways))


def _is_on_both(item: pytest.Item) -> bool:
    has_cases = any(mark.args[0] != "house" for mark in item.iter_markers("parametrize"))
    in_room = item.path.name.endswith(ROOMS_ON_BOTH)
    return _names_an_engine(item.path) or (in_room and not has_cases)


@cache
def _names_an_engine(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    return any(word in text for word in WORDS_ON_BOTH)


def _is_in_its_window(item: pytest.Item) -> bool:
    """Tell whether a browser test runs in its window: minor ones run in one of two."""
    window = _given(item, "window")
    if window is None:
        return True
    others = item.nodeid.replace(windows.name(window), "")
    return bool(window == turn_of(others, windows.BOTH))


def _given(item: pytest.Item, fixture: str) -> Any:
    """Return the value of a parametrised fixture in a test; None unless it uses the default."""
    called = getattr(item, "callspec", None)
    if called is None or fixture not in called.params:
        return None
    named = (mark.args[0] for mark in item.iter_markers("parametrize"))
    return None if fixture in named else called.params[fixture]
