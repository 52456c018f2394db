"""Every part of the bench runs to its end: what is measured is read elsewhere."""

import json
import subprocess
import sys
from pathlib import Path

from bench.report import PARTS

ROOT = Path(__file__).resolve().parents[2]


def test_every_part_of_the_bench_runs_to_its_end():
    words = ["-m", "bench", "--smoke", "--json", "--engine", "sqlite"]
    finished = subprocess.run([sys.executable, *words], cwd=ROOT, text=True, capture_output=True, check=False)
    assert finished.returncode == 0, finished.stderr
    facts = json.loads(finished.stdout)["engines"]["sqlite"]
    assert {*PARTS} <= facts.keys()
