"""Metrics are summed over all workers and survive the death of any."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest
from flask import Flask

from tests.platform.web.test_metrics import samples
from tests.support import server
from tests.support.databases import migrate
from tests.support.ports import free_port

LEGAL = 'portal_requests_total{endpoint="pages.legal",method="GET",status="200"}'


@pytest.fixture
def env(make_app: Callable[..., Flask], tmp_path: Path) -> dict[str, str]:
    """The environment of an empty migrated portal."""
    migrate(make_app(DATA_DIR=str(tmp_path)))
    return server.variables(tmp_path)


def folder_of(gunicorn: server.Gunicorn) -> Path:
    """Return the metrics folder of a gunicorn master."""
    (found,) = Path("/dev/shm").glob(f"portal-counts-{gunicorn.process.pid}-*")
    return found


def children(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child) for child in found}


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="looks into /dev/shm")
def test_no_count_is_lost_and_no_file_left_when_workers_die(env):
    env["WEB_CONCURRENCY"] = "3"
    with server.run(env, politely=True) as gunicorn:
        counts, address = folder_of(gunicorn), gunicorn.address
        for round_ in range(1, 4):
            for _ in range(40):
                httpx.get(
                    f"{address}/legal", verify=False
                )  # a new connection each, so that all workers answer
            metrics = samples(httpx.get(f"{address}/metrics").text)
            assert metrics[LEGAL] == 40 * round_
            kill_and_wait_for_another(gunicorn.process.pid)
        each, rest = divmod(metrics["portal_database_connections_limit"], 3)
        assert each >= 4, "a connection for each thread of each worker"
        assert rest == 0
        places = {file.stem.rsplit("_", 1)[1] for file in counts.iterdir()}
        assert places == {"master", "worker0", "worker1", "worker2"}
    assert not counts.exists()


def kill_and_wait_for_another(master: int) -> None:
    victim = min(children(master))
    os.kill(victim, signal.SIGKILL)
    until = time.monotonic() + 10
    while victim in children(master) or len(children(master)) != 3:
        assert time.monotonic() < until, "the dead worker was not replaced"
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="looks into /dev/shm")
def test_workers_whose_master_was_killed_keep_their_counts_until_they_end(env):
    """Regression: another master deleted the folder at its start, and responses were 500."""
    with server.run(env) as gunicorn:
        counts = folder_of(gunicorn)
        workers = gunicorn.workers
        orphan = min(worker.pid for worker in workers)
        os.kill(orphan, signal.SIGSTOP)  # simulates a very slow worker
        gunicorn.process.kill()
        with server.serve(env | {"PORT": str(free_port())}):
            assert counts.exists(), "taken from a worker that is still there"
        os.kill(orphan, signal.SIGKILL)
    assert psutil.wait_procs(workers, 10)[1] == [], "they let go of the folder as they end"
    with server.serve(env):
        assert not counts.exists(), "left when nobody holds it any more"


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="looks into /dev/shm")
def test_a_page_is_shown_though_it_cannot_be_counted(env):
    env["WEB_CONCURRENCY"] = "1"  # a second worker might still be starting at the deletion
    with server.run(env) as gunicorn:
        shutil.rmtree(folder_of(gunicorn))
        assert httpx.get(f"{gunicorn.address}/legal").status_code == 200
