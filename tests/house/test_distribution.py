"""The xdist scheduler: messages between processes, and recovery when one dies."""

import subprocess
import sys
from pathlib import Path

from tests.support.server import ROOT

HOOKS = """
from tests.support.distribution import pytest_runtest_protocol, pytest_xdist_make_scheduler
"""
TESTS = """
import os
import pytest

@pytest.fixture
def bad_begin():
    raise RuntimeError

@pytest.fixture
def bad_end():
    yield
    raise RuntimeError

def test_does_not_begin(bad_begin): pass
def test_does_not_end(bad_end): pass
def test_fails(): assert False
def test_fails_and_does_not_end(bad_end): assert False
def test_kills(): os._exit(3)
def test_is_left_out(): pytest.skip("why not")

@pytest.mark.parametrize("n", range(20))
def test_passes(n): pass
"""


def test_whatever_becomes_of_tests_is_told_once_and_the_rest_are_run(tmp_path: Path):
    (tmp_path / "conftest.py").write_text(HOOKS)
    (tmp_path / "test_all.py").write_text(TESTS)
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "2"]
    words += ["--dist", "loadgroup", "--rootdir", str(tmp_path), "-c", "/dev/null"]
    done = subprocess.run(
        [*words, str(tmp_path)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert "3 failed, 21 passed, 1 skipped, 3 errors" in done.stdout, done.stdout + done.stderr
    failures = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert len(failures) == 6
    assert any("crashed while running" in line and "test_kills" in line for line in failures)
