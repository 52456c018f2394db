"""Measures of the code as a table, and the bounds that they must keep: `make house`.

Sizes are shown. Ratios (empty names, shared class names, kinds of room, imports a file, chain of
wings) are compared with `tools/house_bounds.json` and may only get better; `--keep` writes them
down when they did.
"""

import argparse
import ast
import json
import re
import statistics
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PORTAL = ROOT / "portal"
BOUNDS = ROOT / "tools" / "house_bounds.json"
NOUN_WINGS = {"app", "platform"}
# Names that say that there is a value, never which.
EMPTY_WORDS = """one ones told found given held asked said seen kept made chosen mine thing things
stuff got taken what known shown wanted tried done gone deed deeds"""
EMPTY_NAMES = frozenset(EMPTY_WORDS.split())
BRANCHES = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.IfExp, ast.comprehension, ast.Assert)


def bound_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that the code binds, with its line: variables, parameters, functions, classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno


def is_empty(name: str) -> bool:
    """Whether a name says nothing of its value."""
    return name.strip("_").lower() in EMPTY_NAMES


def imported_modules(tree: ast.AST, modules: set[str]) -> set[str]:
    """The modules of the portal that a file imports."""
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names if alias.name in modules}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            imported |= {name if name in modules else node.module for name in names}
    return imported & modules


def longest_chain(arrows: dict[str, set[str]]) -> int:
    """How many nodes the longest path has; raises ValueError for a circle."""
    lengths: dict[str, int] = {}

    def length(node: str, above: tuple[str, ...] = ()) -> int:
        if node in above:
            raise ValueError("circle: " + " → ".join((*above[above.index(node) :], node)))
        if node not in lengths:
            below = (length(other, (*above, node)) for other in sorted(arrows[node]))
            lengths[node] = 1 + max(below, default=0)
        return lengths[node]

    return max(map(length, sorted(arrows)))


def percentile(values: list[int], percent: int) -> int:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def complexity(function: ast.AST) -> int:
    branches = sum(isinstance(node, BRANCHES) for node in ast.walk(function))
    operators = (node for node in ast.walk(function) if isinstance(node, ast.BoolOp))
    return 1 + branches + sum(len(node.values) - 1 for node in operators)


class House:
    """Everything that is measured, read once from the files."""

    def __init__(self, portal: Path = PORTAL) -> None:
        self.portal = portal
        self.trees: dict[str, ast.Module] = {}
        self.lines: dict[str, int] = {}
        for path in sorted(portal.rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            relative = path.relative_to(portal.parent).with_suffix("")
            name = ".".join(relative.parts).removesuffix(".__init__")
            self.trees[name] = ast.parse(text)
            self.lines[name] = text.count("\n")
        self.modules = set(self.trees)

    def wings(self) -> dict[str, set[str]]:
        """Each wing, with those that it imports from."""
        arrows: dict[str, set[str]] = defaultdict(set)
        for name, tree in self.trees.items():
            parts = name.split(".")
            if len(parts) > 1:
                wing = arrows[parts[1]]
                wing |= {m.split(".")[1] for m in imported_modules(tree, self.modules) if "." in m}
                wing.discard(parts[1])
        return dict(arrows)

    def file_arrows(self) -> dict[str, set[str]]:
        return {name: imported_modules(tree, self.modules) - {name} for name, tree in self.trees.items()}

    def rooms(self) -> Counter[str]:
        """How many files of the wings of features have each last word."""
        parts = (name.split(".") for name in self.modules)
        files = (p for p in parts if len(p) > 3 and p[1] not in NOUN_WINGS)
        return Counter(p[-1].rsplit("_", 1)[-1] for p in files)

    def classes(self) -> dict[str, list[str]]:
        """Public classes by name, with the files that define one."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, tree in self.trees.items():
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].append(name)
        return found

    def measures(self) -> dict[str, float]:
        names = [name for tree in self.trees.values() for name, _line in bound_names(tree)]
        functions = [
            node
            for tree in self.trees.values()
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
        ]
        lengths = [(f.end_lineno or f.lineno) - f.lineno + 1 for f in functions]
        tangles = [complexity(f) for f in functions]
        files = [n for name, n in self.lines.items() if n > 1]
        imports = [len(modules) for name, modules in self.file_arrows().items()]
        shared = [files for files in self.classes().values() if len(files) > 1]
        empty = sum(map(is_empty, names))
        longest_chain(self.file_arrows())
        pyproject = (self.portal.parent / "pyproject.toml").read_text(encoding="utf-8")
        return {
            "wings": len(self.wings()),
            "longest chain of wings": longest_chain(self.wings()),
            "kinds of room": len(self.rooms()),
            "classes": sum(map(len, self.classes().values())),
            "classes that share their name": sum(map(len, shared)),
            "bound names": len(names),
            "empty names, %": round(100 * empty / len(names), 2),
            "lines a file, median": statistics.median_low(files),
            "lines a file, p90": percentile(files, 90),
            "lines a file, max": max(files),
            "lines a function, p90": percentile(lengths, 90),
            "complexity of a function, p90": percentile(tangles, 90),
            "imports a file, p50": percentile(imports, 50),
            "imports a file, p90": percentile(imports, 90),
            "bytes of import contracts": contracts_size(pyproject),
            "lines in all": sum(self.lines.values()),
        }


def contracts_size(pyproject: str) -> int:
    """Bytes of `pyproject.toml` that configure import-linter."""
    tables = re.split(r"(?m)^(?=\[)", pyproject)
    kept = [table for table in tables if "tool.importlinter" in table.split("\n", 1)[0]]
    tomllib.loads("".join(kept))
    return len("".join(kept).encode())


# Sizes are goals of a day; ratios may only get better.
RATIOS = (
    "longest chain of wings",
    "kinds of room",
    "classes that share their name",
    "empty names, %",
    "imports a file, p50",
    "imports a file, p90",
)


# Names of people's forms, addresses and rows, which change with these alone.
NAMED_OUTSIDE = {
    "what": "a form field, its column and its key in the trail, in several features",
    "shown": "a form field of gates and sprints, and its column",
    "seen": "a form field of gates and of imports",
    "wanted": "a form field of test rounds",
    "mine": "a column of imported lines",
    "asked": "an endpoint",
    "done": "the state of an item, Scrum's word",
}


def faults(house: House) -> Iterator[str]:
    """What breaks a rule of names: classes that share theirs, and variables that say nothing."""
    for name, files in house.classes().items():
        if len(files) > 1:
            yield f"class {name} is defined in {', '.join(files)}"
    for module, tree in house.trees.items():
        for name, line in bound_names(tree):
            if is_empty(name) and name.strip("_").lower() not in NAMED_OUTSIDE:
                yield f"{module}:{line}: {name} does not say what it is"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures of the code.")
    parser.add_argument("--keep", action="store_true", help="write down the ratios that got better")
    options = parser.parse_args()
    house = House()
    measures = house.measures()
    bounds = json.loads(BOUNDS.read_text()) if BOUNDS.exists() else {}
    worse = []
    for name, value in measures.items():
        bound = bounds.get(name)
        is_worse = bound is not None and value > bound
        worse += [name] if is_worse else []
        note = "" if bound is None else f"  bound {bound:g}{'  WORSE' if is_worse else ''}"
        print(f"{name:32} {value:>10g}{note}")
    named = list(faults(house))
    print("\n".join(named))
    if options.keep and not worse:
        BOUNDS.write_text(json.dumps({name: measures[name] for name in RATIOS}, indent=2) + "\n")
    if worse:
        sys.exit(f"worse than before: {', '.join(worse)}")
    sys.exit(1 if named else 0)


if __name__ == "__main__":
    main()
