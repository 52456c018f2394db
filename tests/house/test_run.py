"""`make run` starts the web server and the worker together and stops both when one ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from portal.platform.kernel import listening
from portal.platform.web import template_cache
from tests.support import server
from tests.support.ports import free_port
from tools import build
from tools import run as tool

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`tools/run.py` on an empty installation, once both processes work; `lines` is its output."""
    env = server.variables(tmp_path, DEMO="0", LOG_LEVEL="info", WEB_CONCURRENCY="1")
    process = subprocess.Popen(
        [sys.executable, "tools/run.py"],
        cwd=server.ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        process.lines, process.port = [], env["PORT"]
        while not is_started(process.lines):
            line = process.stdout.readline()
            assert line, process.lines
            process.lines.append(line.rstrip())
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def is_started(lines: list[str]) -> bool:
    """Whether the web server has welcomed us and the worker has started."""
    output = "\n".join(lines)
    return "The portal is at" in output and "worker started" in output


def answers(host: str, port: str) -> bool:
    try:
        return httpx.get(f"http://{host}:{port}/health/live").status_code == 200
    except httpx.TransportError:
        return False


def wait_until(condition, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def children(pid: int) -> dict[str, int]:
    """Return the pid of the web server and of the worker."""
    processes = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
            words = (folder / "cmdline").read_text().split("\0")
        except (OSError, ValueError):
            continue
        if parent == pid:
            processes["worker" if "worker" in words else "web"] = int(folder.name)
    return processes


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_it_says_what_it_does_answers_where_it_says_and_stops_at_a_signal(run):
    assert run.lines[:2] == ["Preparing the database…", "Starting the web server and the worker…"]
    hosts = ["127.0.0.1", *(["[::1]"] if listening.list_bind_addresses("localhost")[1:] else [])]
    listened = ", ".join(f"http://{host}:{run.port}" for host in hosts)
    assert any(f"Listening at: {listened} (" in line for line in run.lines)
    assert any(f"The portal is at http://localhost:{run.port}." in line for line in run.lines)
    assert all(answers(host, run.port) for host in ["localhost", *hosts])
    both = children(run.pid)
    assert both.keys() == {"web", "worker"}
    run.send_signal(signal.SIGTERM)
    assert run.wait(45) == 0
    assert not any(is_there(pid) for pid in both.values())
    assert "worker stopped" in run.stdout.read()


STANDING_IN = """
import sys
from tools import run

WAIT = ["-c", "import time; time.sleep(60)"]
run.PROCESSES = {"web server": [*WAIT, "web"], "worker": [*WAIT, "worker"]}
sys.exit(run.serve({}, ("127.0.0.1", 9), ""))
"""


@pytest.fixture
def stood_in() -> Iterator[subprocess.Popen[str]]:
    """`tools/run.py` with stand-ins for both processes, which start at once."""
    words = [sys.executable, "-c", STANDING_IN]
    with subprocess.Popen(words, cwd=server.ROOT, text=True, stderr=subprocess.PIPE) as process:
        try:
            wait_until(lambda: len(children(process.pid)) == 2)
            yield process
        finally:
            process.kill()


def test_an_interrupt_stops_both_and_is_a_success(stood_in):
    both = children(stood_in.pid)
    stood_in.send_signal(signal.SIGINT)
    assert stood_in.wait(45) == 0
    assert not any(is_there(pid) for pid in both.values())


STUBBORN = """
import sys
from tools import run

SLOW = "signal.signal(15, lambda *_: (time.sleep(1), sys.exit())); time.sleep(60)"
run.PROCESSES = {"web server": ["-c", "import signal, sys, time; " + SLOW]}
print("begun", flush=True)
sys.exit(run.serve({}, ("127.0.0.1", 9), ""))
"""


def test_signals_that_come_together_are_one_and_what_is_under_way_is_finished():
    words = [sys.executable, "-c", STUBBORN]
    with subprocess.Popen(words, cwd=server.ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.3)
        for _ in range(60):  # well before its timeout
            process.send_signal(signal.SIGTERM)
            time.sleep(0.0002)
        try:
            assert process.wait(10) == 0
        finally:
            process.kill()


@pytest.mark.parametrize("dead", ["web", "worker"])
def test_one_that_dies_takes_the_other_along_and_is_a_failure(stood_in, dead):
    both = children(stood_in.pid)
    os.kill(both[dead], signal.SIGKILL)
    assert stood_in.wait(45) == 1
    assert not any(is_there(pid) for pid in both.values())
    errors = stood_in.stderr.read()
    assert {"web": "The web server ended", "worker": "The worker ended"}[dead] in errors


def test_nothing_outlives_a_killed_run(stood_in):
    both = children(stood_in.pid)
    stood_in.kill()
    stood_in.wait()
    wait_until(lambda: not any(is_there(pid) for pid in both.values()))


def test_a_port_that_is_taken_is_refused_with_a_sentence():
    """Otherwise two portals would share the port and split the requests."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SystemExit, match=r"Port \d+ is in use"):
            tool.require_free_port(*other.getsockname())
    tool.require_free_port("127.0.0.1", free_port())


def test_a_port_that_is_taken_is_told_before_anything_is_prepared(monkeypatch, tmp_path):
    monkeypatch.setattr(tool, "prepare", lambda *_, **__: pytest.fail("prepared"))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(SystemExit, match=r"Port \d+ is in use"):
            tool.main()


def test_a_tree_as_it_is_cloned_is_prepared(tmp_path):
    """A fresh clone needs no output of other commands."""
    for name in ("migrations", "portal", "static", "templates", "tools", "translations"):
        shutil.copytree(server.ROOT / name, tmp_path / "tree" / name)
    shutil.copy(server.ROOT / "pyproject.toml", tmp_path / "tree")
    done = subprocess.run(
        [sys.executable, "tools/prepare.py"],
        cwd=tmp_path / "tree",
        env=server.variables(tmp_path),
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tree" / "build").is_dir()


def test_what_may_not_be_written_later_is_built(make_app):
    build.main()
    pages = make_app().jinja_env
    cached_keys = {
        path.stem
        for path in (template_cache.TARGET / template_cache.compilation_fingerprint()).glob("*.code")
    }
    files = {name: pages.loader.get_source(pages, name)[1] for name in pages.list_templates()}
    assert {pages.bytecode_cache.get_cache_key(*named) for named in files.items()} <= cached_keys
    assert (server.ROOT / "templates/platform/web/ui.html").samefile(files["platform/web/ui.html"])
