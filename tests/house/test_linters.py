"""The linters are configured: each reports a planted violation."""

import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(*words: str, cwd: Path = ROOT, typed: str = "") -> tuple[int, str]:
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]], cwd=cwd, input=typed, text=True, capture_output=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("code", "breach", "why"),
    [
        ("PLC0415", "def f():\n    import json\n    return json\n", "an import hides a circle"),
        ("T201", "print(1)\n", "what is logged has a level and no personal data"),
        ("DTZ005", "import datetime\n\nNOW = datetime.datetime.now()\n", "moments are aware"),
        ("BLE001", "try:\n    A = 1\nexcept Exception:\n    A = 2\n", "a fault is not an answer"),
        ("PTH123", 'A = open("a")\n', "paths are paths"),
        ("S704", "from markupsafe import Markup\n\nA = input()\nB = Markup(A)\n", "text is text"),
        ("S301", "import pickle\n\nA = pickle.loads(b'')\n", "a pickle is a program"),
        ("S324", "import hashlib\n\nA = hashlib.md5(b'')\n", "broken hashes"),
        ("C901", "def f(a):\n" + "    if a:\n        a = 1\n" * 11, "what one can hold in the head"),
        ("TID252", "from ..a import b\n\nB = b\n", "where it is, in full"),
    ],
    ids=lambda value: value if value.isalnum() else "",
)
def test_ruff_fires(code: str, breach: str, why: str):
    words = ("ruff", "check", "--output-format", "concise", "--stdin-filename", "portal/a.py", "-")
    status, said = run(*words, typed=breach)
    assert (status, code in said) == (1, True), f"{why}\n{said}"


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
WINGS, ROOMS = PROJECT["tool"]["importlinter"]["contracts"]


@pytest.fixture
def copied_portal(tmp_path: Path) -> Path:
    """A copy of the code and of its contracts."""
    for folder in ("portal", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(folder: Path) -> tuple[int, str]:
    """The status, and what is said without its line breaks."""
    status, output = run("lint-imports", "--no-cache", cwd=folder)
    return status, " ".join(output.split())


def forbidden_modules() -> dict[str, str]:
    """For each room, a module that it may not import."""
    groups = dict(line.split(": ", 1) for line in ROOMS["groups"])
    rooms = dict(line.split(":", 1) for line in ROOMS["rooms"])
    words = {room: words.split() for room, words in rooms.items()}
    return {room: groups[named[0]].split()[0] for room, named in words.items() if named}


def test_each_file_of_the_features_is_refused_what_its_room_may_not_import(copied_portal: Path):
    forbidden = forbidden_modules()
    planted = {}
    for wing in ROOMS["features"]:
        for path in sorted((copied_portal / "portal" / wing).rglob("*.py")):
            module = ".".join(path.relative_to(copied_portal).with_suffix("").parts)
            room = path.stem.rsplit("_", 1)[-1]
            if path.name != "__init__.py" and room in forbidden:
                path.write_text(f"{path.read_text()}\nimport {forbidden[room]}  # noqa\n")
                planted[module] = forbidden[room]
    status, output = lint_imports(copied_portal)
    assert status == 1
    assert len(planted) > 500
    missed = [m for m, library in planted.items() if f"{m} imports {library}:" not in output]
    assert not missed


def test_no_wing_imports_from_one_above(copied_portal: Path):
    for below, above in pairwise(reversed(WINGS["layers"])):
        path = next((copied_portal / "portal" / below).rglob("*_*.py"))
        path.write_text(f"{path.read_text()}\nimport portal.{above}  # noqa\n")
    status, output = lint_imports(copied_portal)
    assert status == 1
    for below, above in pairwise(reversed(WINGS["layers"])):
        assert f"portal.{below} is not allowed to import portal.{above}:" in output


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("ethics/risks/words.py", "portal.ethics.risks.words: 'words' is no room"),
        ("ethics/rules.py", "portal.ethics.rules: lies directly in a wing"),
        ("novelty/things/models.py", "portal.novelty.things.models: novelty is no wing"),
    ],
    ids=["room", "file of a wing", "wing"],
)
def test_the_list_of_wings_and_rooms_is_closed(copied_portal: Path, file: str, fault: str):
    path = copied_portal / "portal" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in (path.parent, path.parent.parent):
        (folder / "__init__.py").touch()
    path.write_text('"""A file."""\n')
    status, output = lint_imports(copied_portal)
    assert status == 1
    assert fault in output


def test_mypy_is_strict(tmp_path: Path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "__init__.py").write_text("def f(a):\n    return a\n")
    status, said = run("mypy", "--cache-dir", str(tmp_path / "cache"), cwd=tmp_path)
    assert (status, "no-untyped-def" in said) == (1, True), said
