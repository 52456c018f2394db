"""The archive of a release: what is committed, with the assets of the release before."""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from portal.platform.web import assets
from tools import release

ROOT = Path(__file__).resolve().parents[2]
AUTHOR = ["-c", "user.name=Test", "-c", "user.email=test@demo.example"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small portal of two commits: the first is tagged as a release, the second changes a style."""
    root = tmp_path_factory.mktemp("released") / "portal"
    shutil.copytree(ROOT / "portal", root / "portal", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "static").mkdir()
    (root / "templates").mkdir()
    (root / "hosting").mkdir()
    shutil.copy(ROOT / "hosting" / "portal", root / "hosting" / "portal")
    shutil.copy(ROOT / "requirements-image.txt", root)
    (root / ".gitignore").write_text("/build/\n__pycache__/\n/static-before/\n")
    (root / "static" / "page.js").write_text("export const unchanged = 1;\n")
    _commit(root, "0.1.0", "a { color: red }")
    _git(root, "tag", "v0.1.0")
    _commit(root, "0.2.0", "a { color: blue }")
    return root


def _commit(root: Path, version: str, style: str) -> None:
    (root / "pyproject.toml").write_text(f'[project]\nname = "portal"\nversion = "{version}"\n')
    (root / "static" / "page.css").write_text(style)
    if not (root / ".git").exists():
        _git(root, "init", "--quiet")
    _git(root, "add", "-A")
    _git(root, *AUTHOR, "commit", "--quiet", "-m", version)


def _git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)


def unpack(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (tree,) = folder.iterdir()
    return tree


def build(tree: Path) -> dict[str, str]:
    """Build the assets as the operator's machine does; returns their hashed names."""
    subprocess.run([sys.executable, "-c", release.BUILD], cwd=tree, check=True)
    names: dict[str, str] = json.loads((tree / "build/static" / assets.MANIFEST).read_text())["names"]
    return names


def test_a_machine_of_the_new_release_serves_the_assets_of_both(repository, tmp_path):
    archive = release.make_release(repository, tmp_path / "dist")
    assert archive.name == "portail-laureats-0.2.0.tar.gz"
    said = archive.with_name(archive.name + ".sha256").read_text().split()
    assert said == [hashlib.sha256(archive.read_bytes()).hexdigest(), archive.name]
    tree = unpack(archive, tmp_path / "new")
    assert (tree / "hosting" / "portal").stat().st_mode & 0o111
    assert not (tree / "build").exists()
    bill = json.loads((tree / release.BILL).read_text())
    assert bill["metadata"]["component"]["version"] == "0.2.0"
    names = build(tree)
    served = {path.name: path.read_text() for path in (tree / "build/static").glob("page.*.css")}
    assert len(served) == 2
    assert served[names["page.css"]] == "a { color: blue }"
    assert "a { color: red }" in served.values()
    older = next(name for name, text in served.items() if "red" in text)
    assert (tree / "build/static" / f"{older}.br").exists()


@pytest.fixture
def brief_bill(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bill of materials that takes no seconds, for tests of the rest."""
    monkeypatch.setattr(release, "write_bill", lambda _root, file: file.write_text("{}"))


@pytest.mark.usefixtures("brief_bill")
def test_what_did_not_change_is_not_in_it_twice(repository, tmp_path):
    tree = unpack(release.make_release(repository, tmp_path / "dist"), tmp_path / "new")
    before = sorted(path.suffix for path in (tree / assets.EARLIER).rglob("*") if path.is_file())
    assert before == [".br", ".css", ".gz"]


@pytest.mark.usefixtures("brief_bill")
def test_the_same_commit_makes_the_same_bytes(repository, tmp_path):
    first, second = (release.make_release(repository, tmp_path / folder) for folder in "ab")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.usefixtures("brief_bill")
def test_a_first_release_says_that_it_is_one(repository, tmp_path):
    tree = unpack(release.make_release(repository, tmp_path / "dist", release.NONE), tmp_path / "new")
    assert not (tree / assets.EARLIER).exists()
    _git(repository, "tag", "--delete", "v0.1.0")
    try:
        with pytest.raises(release.ReleaseRefused, match="PREVIOUS=none"):
            release.make_release(repository, tmp_path / "other")
    finally:
        _git(repository, "tag", "v0.1.0", "HEAD~1")


def test_what_is_not_committed_is_not_released(repository, tmp_path):
    style = repository / "static" / "page.css"
    committed = style.read_text()
    style.write_text("a { color: green }")
    try:
        with pytest.raises(release.ReleaseRefused, match="not committed"):
            release.make_release(repository, tmp_path)
    finally:
        style.write_text(committed)
    with pytest.raises(release.ReleaseRefused, match="git -C"):
        release.make_release(repository, tmp_path, "v9.9.9")


def test_changes_of_no_version_are_not_released(repository, tmp_path):
    changelog = repository / "CHANGELOG.md"
    changelog.write_text(
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- More.\n\n## [0.2.0] – 2026-11-28\n\n- First.\n"
    )
    with pytest.raises(release.ReleaseRefused, match="Unreleased"):
        release.make_release(repository, tmp_path, release.NONE)
    changelog.unlink()
