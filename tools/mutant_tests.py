"""A pytest plugin: runs all tests once, then for each mutant those that reach its place.

Importing, migrating and collecting cost most of a short run. Here that is done once: each mutant is
judged in a fork of the process that has run all tests. What a process computes once and remembers
is not computed again in a fork, so a mutant that lives here is tried again in a new process.

Reads `MUTANTS` (JSON: index, folder of the feature’s tests) and writes a JSON line for each.
"""

import json
import os
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.support.databases import Fresh
from tools import mutant_switch

NO_MUTANT = -1
FORK_SECONDS = 60  # beyond, the mutant is left to a new process: a fork may inherit a held lock
_restore = Fresh.restore
_failures: list[str] = []


def _restore_anew(self: Fresh, *, anew: bool = True) -> None:
    """A fork must not write through the database connections of its parent."""
    _restore(self, anew=anew)


Fresh.restore = _restore_anew  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Record which tests reach which place, then judge the mutants."""
    mutants = json.loads(os.environ["MUTANTS"])
    items_by_place, seconds, failed = _record(session)
    for item in failed:
        _report({"fails": item.nodeid})
    for index, folder in mutants:
        items = sorted(
            items_by_place[index], key=lambda item: (not item.nodeid.startswith(f"{folder}/"), seconds[item])
        )
        _report({"index": index, "killer": _find_certain_killer(index, items)})
    return True


def _report(line: dict[str, Any]) -> None:
    with Path(os.environ["MUTANT_RESULTS"]).open("a", encoding="utf-8") as output:
        print(json.dumps(line), file=output)


Recording = tuple[dict[int, list[pytest.Item]], dict[pytest.Item, float], list[pytest.Item]]


def _record(session: pytest.Session) -> Recording:
    """Return the tests that reach each place, how long each takes, and those that fail already."""
    items_by_place: dict[int, list[pytest.Item]] = defaultdict(list)
    seconds, failed = {}, []
    following = [*session.items[1:], session.items[0]]  # the last ends no fixture of the session
    for item, next_item in zip(session.items, following, strict=True):
        mutant_switch.reached.clear()
        start = time.monotonic()
        if _fails(item, next_item):
            failed.append(item)
            continue
        seconds[item] = time.monotonic() - start
        for index in mutant_switch.reached:
            items_by_place[index].append(item)
    return items_by_place, seconds, failed


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failures.append(report.nodeid)


def _fails(item: pytest.Item, next_item: pytest.Item | None) -> bool:
    _failures.clear()
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=next_item)
    return bool(_failures)


def _find_certain_killer(index: int, items: list[pytest.Item]) -> str:
    """Return the first test that fails with the mutant, but not in a fork without it."""
    items_by_name = {item.nodeid: item for item in items}
    while killer := _find_killer(index, list(items_by_name.values())):
        item = items_by_name.pop(killer, None)
        if item is None or not _find_killer(NO_MUTANT, [item]):
            return killer
        _report({"fails": killer})
    return ""


def _find_killer(index: int, items: list[pytest.Item]) -> str:
    """Return the first test that fails with the mutant, empty for none."""
    if not items:
        return ""
    reader, writer = os.pipe()
    process = os.fork()
    if not process:
        os.close(reader)
        _judge_and_exit(index, items, writer)
    os.close(writer)
    deadline = time.monotonic() + FORK_SECONDS
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(process, 9)
            os.waitpid(process, 0)
            os.close(reader)
            return ""
        time.sleep(0.01)
    with os.fdopen(reader, encoding="utf-8") as answer:
        return answer.read()


def _judge_and_exit(index: int, items: list[pytest.Item], writer: int) -> None:
    killer = "a crash"
    try:
        mutant_switch.active = index
        pairs = zip(items, [*items[1:], None], strict=True)
        killer = next((item.nodeid for item, following in pairs if _fails(item, following)), "")
    finally:
        os.write(writer, killer.encode())
        os._exit(0)
