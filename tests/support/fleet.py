"""Machines of a fleet that run this version or the release before it, each from a folder of its own."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from portal.platform.web import assets
from tests.support.skips import HISTORY
from tools import release

ROOT = Path(__file__).resolve().parents[2]
COMPILED = ("portal", "migrations", "tests/support")  # its times are those of the sources
_RELEASE = re.compile(r"^## \[\S+\] – \S+\n\nCommit `(\w+)`", re.MULTILINE)


def commit_before() -> str:
    """The commit of the newest release that the changelog names."""
    found = _RELEASE.search((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert found, "the changelog names no commit of a release"
    return found[1]


def unpack_release_before(folder: Path) -> Path:
    """Its tree in a new folder, with its translations; skips the test where the clone has no history."""
    try:
        tree = release.check_out(ROOT, commit_before(), folder)
    except release.ReleaseRefused:
        pytest.skip(HISTORY)
    subprocess.run(
        [Path(sys.executable).parent / "pybabel", "-q", "compile", "-d", tree / "translations"], check=True
    )
    return tree


def copy_this_version(folder: Path, before: Path) -> Path:
    """This version as its release would be: what git lists, with the assets of the release before.

    Each style and script of ours differs from that release, whatever was changed since.
    """
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True).stdout
    for name in listed.decode().split("\0")[:-1]:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for compiled in (path for module in COMPILED for path in (ROOT / module).rglob("*.pyc")):
        (folder / compiled.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(compiled, folder / compiled.relative_to(ROOT))
    for path in (*(folder / "static").glob("*.css"), *(folder / "static").glob("*.js")):
        path.write_text(path.read_text() + "/* changed */\n")
    for compiled in (ROOT / "translations").rglob("*.mo"):
        shutil.copy(compiled, folder / compiled.relative_to(ROOT))
    release.add_earlier(release.build_assets(before), release.build_assets(folder), folder / assets.EARLIER)
    return folder


def run_command(tree: Path, env: Mapping[str, str], *words: str) -> str:
    """Run Python in a tree with its own code; return the output."""
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, env=env, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def working(tree: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Run the worker of a tree until the end of the block."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    process = subprocess.Popen(command, cwd=tree, env=env, stdout=sys.stderr)
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(40) == 0


class Machine:
    """A web server on a port, of one version after the other."""

    def __init__(self, env: Mapping[str, str], port: int) -> None:
        self._env = {**env, "PORT": str(port)}
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, tree: Path, seconds: float = 60) -> None:
        """Replace what runs by the version in a folder, and wait until it serves."""
        self.stop()
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        self.process = subprocess.Popen(command, cwd=tree, env=self._env, stdout=sys.stderr, process_group=0)
        until = time.monotonic() + seconds
        while True:
            assert self.process.poll() is None, f"{tree.name} does not start"
            with suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{self.port}/health/live", verify=False).status_code == 200:
                    return
            assert time.monotonic() < until, f"{tree.name} does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(40)
            self.process = None
