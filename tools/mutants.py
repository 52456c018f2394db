"""Places of the code that a mutant may change, and code in which mutants are switched on.

A place is drawn by a hash of the seed and of its own text, so that a change elsewhere in the code
does not change the sample.
"""

import ast
import copy
import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("rules", "policy", "commands")
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
SWITCH = "tools.mutant_switch"


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
    def wing(self) -> str:
        return self.path.parts[1]

    @property
    def tests(self) -> Path:
        """The folder of the feature's tests."""
        return Path("tests").joinpath(*self.path.parts[1:3])

    def __str__(self) -> str:
        before, after = (" ".join(text.split())[:70] for text in (self.before, self.after))
        return f"{self.path}:{self.line}: {before} → {after}"


def list_places() -> list[Place]:
    """Return every change of every file of the rooms that could be made."""
    files = sorted(
        path.relative_to(ROOT)
        for path in (ROOT / "portal").glob("*/*/*.py")
        if path.stem.rsplit("_", 1)[-1] in ROOMS
    )
    return [place for path in files for place in _list_places_in(path)]


def _list_places_in(path: Path) -> Iterator[Place]:
    repetitions: Counter[tuple[str, str]] = Counter()
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for number, node in enumerate(ast.walk(tree)):
        replacement = _change(node)
        if replacement is not None and isinstance(node, ast.expr | ast.stmt):
            texts = ast.unparse(node), ast.unparse(replacement)
            yield Place(path, number, node.lineno, *texts, repetitions[texts])
            repetitions[texts] += 1


def _change(node: ast.AST) -> ast.expr | ast.stmt | None:
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


def draw(count: int, seed: str) -> list[Place]:
    """Return that many places, the same for the same seed."""

    def rank(place: Place) -> bytes:
        words = (seed, str(place.path), place.before, place.after, str(place.repetition))
        return hashlib.sha256("\0".join(words).encode()).digest()

    return sorted(list_places(), key=rank)[:count]


def write_switches(places: Collection[Place], folder: Path) -> None:
    """Rewrite the files of a copy of the code: place n is changed while mutant n is active."""
    indexes_by_path: dict[Path, dict[int, int]] = {}
    for index, place in enumerate(places):
        indexes_by_path.setdefault(place.path, {})[place.number] = index
    for path, indexes in indexes_by_path.items():
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        nodes = list(ast.walk(tree))
        switching = _Switching({id(nodes[number]): index for number, index in indexes.items()})
        switching.visit(tree)
        has_docstring = ast.get_docstring(tree) is not None
        imports = ast.ImportFrom(SWITCH, [ast.alias("is_mutated")], 0)
        tree.body.insert(1 if has_docstring else 0, imports)
        text = ast.unparse(ast.fix_missing_locations(tree))
        (folder / path).write_text(text, encoding="utf-8")


class _Switching(ast.NodeTransformer):
    """Replaces nodes by a choice between them and their change."""

    def __init__(self, indexes: Mapping[int, int]) -> None:
        self._indexes = indexes  # by `id` of the node

    def visit(self, node: ast.AST) -> ast.AST:
        index = self._indexes.get(id(node))
        if index is None:
            return self.generic_visit(node)
        changed = copy.deepcopy(_change(node))
        original = self.generic_visit(node)
        switch = ast.Call(ast.Name("is_mutated", ast.Load()), [ast.Constant(index)], [])
        if isinstance(original, ast.stmt):
            return ast.If(ast.UnaryOp(ast.Not(), switch), [original], [])
        assert isinstance(changed, ast.expr)
        assert isinstance(original, ast.expr)
        return ast.IfExp(switch, changed, original)
