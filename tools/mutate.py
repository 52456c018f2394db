"""Mutants of rules, policies and commands: which changes of the code no test notices.

`python -m tools.mutate [--places 100] [--seed HEX]` draws places by the commit’s hash (or a seed),
and changes one at a time in a copy of the code. Tests of the wing and of access to its pages run
once on SQLite; a mutant is judged by those that reach its place, those of its feature first. One
that lives is tried again by all tests of its feature, on both engines, in a new process.

Prints a table of wings and the mutants that lived; fails under `--least` per cent. `--at` tries
lines or whole files instead of a sample.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.mutants import ROOT, Place, draw, list_places, write_switches

UNCOPIED = (".git", ".venv", ".hypothesis", ".*_cache")
ACCESS = "tests/house/test_access.py"
WORDS = ("-q", "-p", "no:cacheprovider", "-m", "not browser")
POLL_SECONDS = 1
COLD_SECONDS = 600  # an endless loop is a mutant that was noticed
FAILED = (1, 2, 4)  # exit codes of pytest: a test, an import of a test, an import of conftest


@dataclass(frozen=True)
class Batch:
    """Mutants by index that one process judges in its copy of the code."""

    number: int
    copy: Path
    places: Mapping[int, Place]

    @property
    def results(self) -> Path:
        return self.copy / "results.jsonl"

    def start(self) -> subprocess.Popen[bytes]:
        """Start pytest, which runs the tests of the wings and then judges each mutant."""
        wings = sorted({place.tests.parent for place in self.places.values()})
        endpoints = " or ".join(f"{name}." for name in list_blueprints(wings))
        selection = f"not postgresql and (not test_access or {endpoints or 'none'})"
        mutants = [(index, str(place.tests)) for index, place in self.places.items()]
        self.results.touch()
        return self._run(
            ["-k", selection, "-p", "tools.mutant_tests", *map(str, wings), ACCESS],
            {"MUTANTS": json.dumps(mutants), "MUTANT_RESULTS": str(self.results)},
        )

    def find_cold_killer(self, index: int) -> str:
        """Return which tests fail in new processes with the mutant; empty for none."""
        folder = self.places[index].tests
        if not (self.copy / folder).is_dir():
            return ""
        for selection in ("not postgresql", "postgresql"):
            words = ["-x", "-k", selection, str(folder)]
            with self._run(words, {"MUTANT": str(index)}) as process:
                try:
                    has_failed = process.wait(COLD_SECONDS) in FAILED
                except subprocess.TimeoutExpired:
                    process.kill()
                    has_failed = True
            if has_failed:
                return f"{folder} ({selection}, in a new process)"
        return ""

    def _run(self, words: Sequence[str], variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *WORDS, *words],
            cwd=self.copy,
            env=os.environ | variables,
            stdout=(self.copy / "pytest.log").open("ab"),
            stderr=subprocess.STDOUT,
        )


def list_blueprints(wings: Sequence[Path]) -> list[str]:
    """Return the names of the blueprints of wings, given by the folders of their tests."""
    folders = [ROOT / "portal" / wing.name for wing in wings]
    files = sorted(path for folder in folders for path in folder.glob("*/*.py"))
    texts = (path.read_text(encoding="utf-8") for path in files)
    return [name for text in texts for name in re.findall(r"\bBlueprint\(\s*\"(\w+)\"", text)]


def make_batches(places: Sequence[Place], folder: Path, processes: int) -> list[Batch]:
    """Distribute the places over copies of the code, by wing, so that a test runs in one only."""
    shares: list[dict[int, Place]] = [{} for _number in range(processes)]
    for wing, _count in Counter(place.wing for place in places).most_common():
        lightest = min(shares, key=len)
        lightest.update({n: place for n, place in enumerate(places) if place.wing == wing})
    batches = []
    for number, share in enumerate(share for share in shares if share):
        copy = folder / str(number)
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*UNCOPIED), symlinks=True)
        write_switches(places, copy)
        batches.append(Batch(number, copy, share))
    return batches


def judge(batch: Batch) -> Iterator[tuple[int, str]]:
    """Yield each mutant's index and what killed it, empty for none. Exits if tests fail already."""
    survivors = []
    with batch.start() as process:
        for result in _follow(batch.results, process):
            if "fails" in result:
                print(f"fails without a mutant, and is left out: {result['fails']}", flush=True)
            elif result["killer"]:
                yield result["index"], result["killer"]
            else:
                survivors.append(result["index"])
    if process.returncode not in {0, 1, 5}:
        log = (batch.copy / "pytest.log").read_text(encoding="utf-8")
        sys.exit(f"pytest ended with {process.returncode}:\n{log[-2000:]}")
    for index in survivors:
        yield index, batch.find_cold_killer(index)


def _follow(file: Path, process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file of JSON while a process writes it."""
    with file.open(encoding="utf-8") as lines:
        is_over = False
        while not is_over:
            is_over = process.poll() is not None  # asked before the last lines are read
            for line in lines:
                yield json.loads(line)
            time.sleep(POLL_SECONDS)


def judge_all(places: Sequence[Place], batches: Sequence[Batch]) -> list[Place]:
    """Judge the batches at once, showing progress; return the places whose mutant lived."""
    survivors: list[int] = []
    start, judged = time.monotonic(), 0

    def work(batch: Batch) -> None:
        nonlocal judged
        for index, killer in judge(batch):
            judged += 1
            minutes, seconds = divmod(round(time.monotonic() - start), 60)
            verdict = f"killed by {killer}" if killer else "LIVED"
            progress = f"{judged:4}/{len(places)} {minutes:3}:{seconds:02}"
            print(f"{progress} {places[index]}: {verdict}", flush=True)
            if not killer:
                survivors.append(index)

    with ThreadPoolExecutor(len(batches)) as pool:
        for _done in pool.map(work, batches):
            pass
    return [places[index] for index in sorted(survivors)]


def print_table(places: Sequence[Place], survivors: Sequence[Place]) -> None:
    """Print places and killed mutants of each wing, then those that lived."""
    drawn = Counter(place.wing for place in places)
    lived = Counter(place.wing for place in survivors)
    print(f"\n{'wing':<15}{'places':>8}{'killed':>8}{'lived':>8}")
    for wing, count in sorted(drawn.items()):
        print(f"{wing:<15}{count:>8}{count - lived[wing]:>8}{lived[wing]:>8}")
    killed = len(places) - len(survivors)
    print(f"{'all':<15}{len(places):>8}{killed:>8}{len(survivors):>8}\n")
    for place in survivors:
        print(f"lived: {place}")
    print(f"{killed} of {len(places)} mutants were killed: {100 * killed / len(places):.0f} %")


def read_commit() -> str:
    words = ["git", "rev-parse", "HEAD"]
    return subprocess.run(words, cwd=ROOT, text=True, capture_output=True, check=True).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description="Mutants that no test notices.")
    parser.add_argument("--places", type=int, default=100)
    parser.add_argument("--least", type=int, default=90, help="per cent that must be killed")
    parser.add_argument("--seed", help="the commit's hash by default")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--at", nargs="+", metavar="FILE[:LINE]", help="these, not a sample")
    options = parser.parse_args()
    if options.at:
        wanted = {*options.at}
        places = [p for p in list_places() if {str(p.path), f"{p.path}:{p.line}"} & wanted]
    else:
        places = draw(options.places, options.seed or read_commit())
    if not places:
        sys.exit("nothing to change there")
    with tempfile.TemporaryDirectory() as folder:
        survivors = judge_all(places, make_batches(places, Path(folder), options.processes))
    print_table(places, survivors)
    sys.exit(0 if 100 * len(survivors) <= (100 - options.least) * len(places) else 1)


if __name__ == "__main__":
    main()
