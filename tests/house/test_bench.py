"""Each part of the bench runs to its end, a third of them in a run: what is measured is read elsewhere."""

import json
import subprocess
import sys
from pathlib import Path

from bench.report import PARTS
from tests.support.turns import share_of

ROOT = Path(__file__).resolve().parents[2]


def test_the_parts_of_the_bench_run_to_their_end():
    parts = share_of("parts of the bench", PARTS, 3)
    words = ["-m", "bench", "--smoke", "--json", "--engine", "sqlite", "--only", *parts]
    finished = subprocess.run([sys.executable, *words], cwd=ROOT, text=True, capture_output=True, check=False)
    assert finished.returncode == 0, finished.stderr
    facts = json.loads(finished.stdout)["engines"]["sqlite"]
    assert {*parts} <= facts.keys()
