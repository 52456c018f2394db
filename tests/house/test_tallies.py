"""Counts of tests reach the controller from xdist processes and are printed at the end."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
def test_writes(tell):
    tell("writers", writes=412, **{"answers ≥ 500": 0})

def test_that_fails(tell):
    tell("kills", lost=1)
    assert False
"""


def test_what_was_told_comes_after_the_counts(tmp_path: Path) -> None:
    (tmp_path / "test_counts.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    words = ["-m", "pytest", "-q", "-n", "1", "-p", "tests.support.tallies", str(tmp_path)]
    here = dict(os.environ, PYTHONPATH=str(ROOT), PYTHONIOENCODING="utf-8")
    for name in [name for name in here if name.startswith("PYTEST_")]:
        del here[name]  # set by this run for its own processes
    done = subprocess.run(
        [sys.executable, *words], env=here, cwd=tmp_path, text=True, capture_output=True, check=False
    )
    lines = done.stdout.rstrip().splitlines()
    assert lines[-2:] == ["kills: lost 1", "writers: writes 412, answers ≥ 500 0"]
    assert "what was counted" in lines[-3]
    assert lines[-4].startswith("1 failed, 1 passed")
