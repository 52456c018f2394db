"""The linters are configured: each reports a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(*words: str, cwd: Path = ROOT, typed: str = "") -> tuple[int, str]:
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]],
        cwd=cwd,
        input=typed,
        text=True,
        capture_output=True,
        check=False,
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
        (
            "C901",
            "def f(a):\n" + "    if a:\n        a = 1\n" * 11,
            "what one can hold in the head",
        ),
        ("TID252", "from ..a import b\n\nB = b\n", "where it is, in full"),
    ],
    ids=lambda value: value if value.isalnum() else "",
)
def test_ruff_fires(code: str, breach: str, why: str):
    words = ("ruff", "check", "--output-format", "concise", "--stdin-filename", "portal/a.py", "-")
    status, said = run(*words, typed=breach)
    assert (status, code in said) == (1, True), f"{why}\n{said}"


@pytest.mark.parametrize(
    ("file", "breach", "contract"),
    [
        (
            "kernel/text.py",
            "from portal.people.accounts import models",
            "Floors: arrows only go down",
        ),
        ("sprints/policy.py", "from portal.sprints.sprints import commands", "Rooms of a feature"),
        (
            "sprints/views.py",
            "from portal.platform.kernel import db",
            "Pages never touch the database",
        ),
        (
            "sprints/commands.py",
            "from portal.platform.web import render",
            "Rules never see a request",
        ),
        (
            "usability/scales.py",
            "from portal.platform.kernel import clock",
            "Figures of user tests are arithmetic",
        ),
        ("new/__init__.py", "", "Floors: arrows only go down"),
    ],
    ids=["floors", "rooms", "pages", "rules", "arithmetic", "a room that is not listed"],
)
def test_the_floors_and_rooms_are_held(tmp_path: Path, file: str, breach: str, contract: str):
    shutil.copytree(ROOT / "portal", tmp_path / "portal")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "portal" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else '"""A feature."""\n') + f"\n{breach}\n")
    status, said = run("lint-imports", "--no-cache", cwd=tmp_path)
    assert status == 1
    assert f"{contract} BROKEN" in said or contract in said.split("Broken contracts")[-1], said


def test_mypy_is_strict(tmp_path: Path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "__init__.py").write_text("def f(a):\n    return a\n")
    status, said = run("mypy", "--cache-dir", str(tmp_path / "cache"), cwd=tmp_path)
    assert (status, "no-untyped-def" in said) == (1, True), said
