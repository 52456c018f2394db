"""Mutants of rules, policies and commands: which changes of the code no test notices.

`python tools/mutate.py [--places 100] [--seed HEX]` draws places by the commit’s hash (or a seed),
changes one at a time in a copy of the code, and runs tests until one fails: those of the feature on
SQLite, of its wing, of access, then those of the feature on PostgreSQL. Prints a table of wings and
the mutants that lived; fails under `--least` per cent. `--at FILE:LINE` tries that line alone.

A place is drawn by a hash of the seed and of its own text, so that a change elsewhere in the code
does not change the sample.
"""

import argparse
import ast
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("rules", "policy", "commands")
UNCOPIED = (".git", ".venv", ".hypothesis", ".*_cache", "__pycache__")
ACCESS = Path("tests/house/test_access.py")
TIMEOUT = 300  # seconds: an endless loop is a mutant that was noticed
FAILED = (1, 2, 4)  # exit codes of pytest: a test, an import of a test, an import of conftest
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
Value = TypeVar("Value")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Place:
    """One change of a file: of the node with this number, in the order of `ast.walk`."""

    path: Path
    number: int
    line: int
    before: str
    after: str
    repetition: int  # how often the file has the same change before this one

    @property
    def feature(self) -> Path:
        """The folder of the feature's tests."""
        return Path("tests").joinpath(*self.path.parts[1:3])

    def __str__(self) -> str:
        before, after = (" ".join(text.split())[:70] for text in (self.before, self.after))
        return f"{self.path}:{self.line}: {before} → {after}"


def list_places(path: Path) -> Iterator[Place]:
    """Yield every change of a file (its path from the root) that could be made."""
    repetitions: Counter[tuple[str, str]] = Counter()
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for number, node in enumerate(ast.walk(tree)):
        replacement = _change(node)
        if replacement is not None and isinstance(node, ast.expr | ast.stmt):
            texts = ast.unparse(node), ast.unparse(replacement)
            yield Place(path, number, node.lineno, *texts, repetitions[texts])
            repetitions[texts] += 1


def write_mutant(place: Place, target: Path) -> None:
    """Write the whole changed file."""
    tree = ast.parse((ROOT / place.path).read_text(encoding="utf-8"))
    node = list(ast.walk(tree))[place.number]
    replacement = _change(node)
    assert replacement is not None
    node.__class__ = replacement.__class__  # type: ignore[assignment]
    node.__dict__ = replacement.__dict__ | {
        name: value for name, value in node.__dict__.items() if name.endswith(("lineno", "offset"))
    }
    target.write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")


def _change(node: ast.AST) -> ast.AST | None:
    """Return the node with its meaning changed; None for one that is left alone."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        operators = [COMPARISONS[type(node.ops[0])](), *node.ops[1:]]
        return ast.Compare(node.left, operators, node.comparators)
    if isinstance(node, ast.BoolOp):
        opposite = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return ast.BoolOp(opposite, node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ast.Pass()
    return None


def list_all_places() -> list[Place]:
    files = sorted(
        path.relative_to(ROOT)
        for path in (ROOT / "portal").glob("*/*/*.py")
        if path.stem.rsplit("_", 1)[-1] in ROOMS
    )
    return [place for path in files for place in list_places(path)]


def draw(count: int, seed: str) -> list[Place]:
    """Return that many places, the same for the same seed."""

    def rank(place: Place) -> bytes:
        words = (seed, str(place.path), place.before, place.after, str(place.repetition))
        return hashlib.sha256("\0".join(words).encode()).digest()

    return sorted(list_all_places(), key=rank)[:count]


class Copies:
    """Copies of the code, one a process, in which tests run."""

    def __init__(self, folder: Path, count: int) -> None:
        self.count = count
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(count):
            copy = folder / str(number)
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*UNCOPIED), symlinks=True)
            self._free.put(copy)

    def map(
        self, work: Callable[[Value, Path], Outcome], values: Iterable[Value]
    ) -> Iterator[Outcome]:
        """Yield `work(value, copy)` of each value, in order; each has a copy for itself."""

        def work_in_copy(value: Value) -> Outcome:
            copy = self._free.get()
            try:
                return work(value, copy)
            finally:
                self._free.put(copy)

        with ThreadPoolExecutor(self.count) as pool:
            yield from pool.map(work_in_copy, values)


def find_failing_tests(place: Place, copy: Path) -> str:
    """Return the tests that notice the mutant, as words; empty when it lived."""
    target = copy / place.path
    write_mutant(place, target)
    stages = (
        (place.feature, "sqlite"),
        (place.feature.parent, "sqlite"),
        (ACCESS, "sqlite"),
        (place.feature, "postgresql"),
    )
    try:
        failing = (f"{tests} ({engine})" for tests, engine in stages if fails(copy, tests, engine))
        return next(failing, "")
    finally:
        shutil.copy2(ROOT / place.path, target)  # with its time, so that its bytecode serves again


def fails(copy: Path, tests: Path, engine: str, *, writes_bytecode: bool = False) -> bool:
    """Tell whether tests fail in a copy. Bytecode of a mutant is never written."""
    if not (copy / tests).exists():
        return False
    words = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not browser"]
    selection = "not postgresql" if engine == "sqlite" else engine
    try:
        finished = subprocess.run(
            [sys.executable, *words, "-k", selection, str(tests)],
            cwd=copy,
            env=os.environ | ({} if writes_bytecode else {"PYTHONDONTWRITEBYTECODE": "1"}),
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return finished.returncode in FAILED


def require_green(copies: Copies, places: list[Place]) -> None:
    """Run the tests without a mutant: where they fail already, nothing is learnt. May exit."""
    folders = sorted({place.feature.parent for place in places}) + [ACCESS]

    def fails_unchanged(tests: Path, copy: Path) -> bool:
        return fails(copy, tests, "sqlite", writes_bytecode=True)

    red = [
        str(tests)
        for tests, failed in zip(folders, copies.map(fails_unchanged, folders), strict=True)
        if failed
    ]
    if red:
        sys.exit(f"tests fail without a mutant: {', '.join(red)}")


def judge(copies: Copies, places: list[Place]) -> list[Place]:
    """Try the places, showing progress; return those whose mutant lived."""
    survivors = []
    start = time.monotonic()
    for number, (place, failing_tests) in enumerate(
        zip(places, copies.map(find_failing_tests, places), strict=True), 1
    ):
        minutes, seconds = divmod(round(time.monotonic() - start), 60)
        verdict = f"killed by {failing_tests}" if failing_tests else "LIVED"
        print(f"{number:4}/{len(places)} {minutes:3}:{seconds:02} {place}: {verdict}", flush=True)
        if not failing_tests:
            survivors.append(place)
    return survivors


def print_table(places: list[Place], survivors: list[Place]) -> None:
    """Print places and killed mutants of each wing, then those that lived."""
    drawn = Counter(place.path.parts[1] for place in places)
    lived = Counter(place.path.parts[1] for place in survivors)
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
    return subprocess.run(
        words, cwd=ROOT, text=True, capture_output=True, check=True
    ).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description="Mutants that no test notices.")
    parser.add_argument("--places", type=int, default=100)
    parser.add_argument("--least", type=int, default=90, help="per cent that must be killed")
    parser.add_argument("--seed", help="the commit's hash by default")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--at", nargs="+", metavar="FILE:LINE", help="these lines, no sample")
    options = parser.parse_args()
    if options.at:
        places = [p for p in list_all_places() if f"{p.path}:{p.line}" in options.at]
    else:
        places = draw(options.places, options.seed or read_commit())
    if not places:
        sys.exit("nothing to change there")
    with tempfile.TemporaryDirectory() as folder:
        copies = Copies(Path(folder), min(options.processes, len(places)))
        require_green(copies, places)
        survivors = judge(copies, places)
    print_table(places, survivors)
    sys.exit(0 if 100 * len(survivors) <= (100 - options.least) * len(places) else 1)


if __name__ == "__main__":
    main()
