"""Mutants of rules, policies and commands: which changes of the code no test notices.

`python tools/mutate.py [--places 100] [--seed HEX]` draws places by the commit’s hash (or a seed),
changes one at a time in a copy of the code, and runs the tests of that feature on SQLite. Prints
the mutants that lived and the share that was killed; fails under `--least` per cent.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("rules", "policy", "commands")
COPIED = ("portal", "templates", "static", "migrations", "translations", "tests", "bench", "tools")
FILES = ("wsgi.py", "pyproject.toml", "gunicorn.conf.py", "README.md", "CONTRIBUTING.md")
TIMEOUT = 300  # seconds: an endless loop is a mutant that was noticed
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A file with one change: `text` is the whole of it."""

    path: Path
    line: int
    change: str
    text: str


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every change of a file that could be made, one at a time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt)]
    for number, node in enumerate(nodes):
        replacement = _changed(node)
        if replacement is None:
            continue
        changed = copy.deepcopy(tree)
        target = [n for n in ast.walk(changed) if isinstance(n, ast.expr | ast.stmt)][number]
        target.__dict__.update(replacement.__dict__)
        target.__class__ = replacement.__class__  # type: ignore[assignment]
        change = f"{ast.unparse(node)[:60]} → {ast.unparse(replacement)[:60]}"
        text = ast.unparse(ast.fix_missing_locations(changed))
        yield Mutant(path.relative_to(ROOT), node.lineno, change, text)


def _changed(node: ast.AST) -> ast.AST | None:
    """The node with its meaning changed; None for one that is left alone."""
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


def draw(places: int, seed: str) -> list[Mutant]:
    """Some mutants, the same for the same seed."""
    files = [
        path for path in sorted((ROOT / "portal").glob("*/*/*.py")) if path.stem.rsplit("_", 1)[-1] in ROOMS
    ]
    mutants = [mutant for path in files for mutant in mutants_of(path)]
    return random.Random(seed).sample(mutants, min(places, len(mutants)))


def is_killed(mutant: Mutant, tree: Path) -> bool:
    """Whether the tests of the mutant's feature, or of its wing, fail on it."""
    target = tree / mutant.path
    original = target.read_text(encoding="utf-8")
    target.write_text(mutant.text, encoding="utf-8")
    feature = Path("tests").joinpath(*mutant.path.parts[1:3])
    wing = feature.parent
    try:
        return any(_fails(tree, tests) for tests in (feature, wing, Path("tests/house/test_access.py")))
    finally:
        target.write_text(original, encoding="utf-8")


def _fails(tree: Path, tests: Path) -> bool:
    if not (tree / tests).exists():
        return False
    words = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not browser"]
    try:
        finished = subprocess.run(
            [sys.executable, *words, "-k", "not postgresql", str(tests)],
            cwd=tree,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return finished.returncode == 1


def copy_tree(folder: Path) -> Path:
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "docs", folder / "docs")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description="Mutants that no test notices.")
    parser.add_argument("--places", type=int, default=100)
    parser.add_argument("--least", type=int, default=90, help="per cent that must be killed")
    parser.add_argument("--seed", help="the commit's hash by default")
    options = parser.parse_args()
    head = ["git", "rev-parse", "HEAD"]
    seed = options.seed or subprocess.run(head, cwd=ROOT, text=True, capture_output=True, check=True).stdout
    mutants = draw(options.places, seed)
    with tempfile.TemporaryDirectory() as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(os.cpu_count() or 1):
            trees.put(copy_tree(Path(folder) / str(number)))

        def judge(mutant: Mutant) -> bool:
            tree = trees.get()
            try:
                killed = is_killed(mutant, tree)
            finally:
                trees.put(tree)
            if not killed:
                print(f"lived: {mutant.path}:{mutant.line}: {mutant.change}", flush=True)
            return killed

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            killed = sum(pool.map(judge, mutants))
    share = 100 * killed / len(mutants)
    print(f"{killed} of {len(mutants)} mutants were killed: {share:.0f} %")
    sys.exit(0 if share >= options.least else 1)


if __name__ == "__main__":
    main()
