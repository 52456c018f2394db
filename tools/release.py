"""`make release`: the archive that an operator installs, from what is committed.

It holds the code and, in `static-before/`, the hashed assets of the release before, so that any machine
serves the pages of both while they run side by side; and its bill of materials (`sbom.cdx.json`). The
same commit makes the same bytes.

`python -m tools.release [PREVIOUS]`: a tag or commit, `none` for a first release; by default the newest
tag of another version.
"""

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from portal.platform.web import assets
from tools.bill_of_materials import write_bill

ROOT = Path(__file__).resolve().parents[1]
NONE = "none"
BILL = "sbom.cdx.json"
BUILD = "from portal.platform.web import assets; assets.build()"


class ReleaseRefused(Exception):
    """The archive cannot be made; nothing was written."""


def make_release(root: Path, target: Path, previous: str = "") -> Path:
    """Write the archive and its SHA-256 into `target`; returns the archive's path.

    `previous` is a tag, a commit or `NONE`; empty: the newest tag. Raises `ReleaseRefused`.
    """
    if _git(root, "status", "--porcelain", "--untracked-files=no"):
        raise ReleaseRefused("There are changes that are not committed: a release is a commit.")
    if _has_unreleased(root):
        raise ReleaseRefused("CHANGELOG.md has entries under [Unreleased]: date their version first.")
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    previous = previous or _find_previous(root, version)
    name = f"portail-laureats-{version}"
    with tempfile.TemporaryDirectory() as folder:
        tree = check_out(root, "HEAD", Path(folder) / "new")
        if previous != NONE:
            before = build_assets(check_out(root, previous, Path(folder) / "before"))
            add_earlier(before, build_assets(tree), tree / assets.EARLIER)
        write_bill(tree, tree / BILL)
        archive = _pack(tree, name, int(_git(root, "log", "-1", "--format=%ct")))
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"{name}.tar.gz"
    path.write_bytes(archive)
    digest = hashlib.sha256(archive).hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n")
    return path


def _has_unreleased(root: Path) -> bool:
    """Whether the changelog says of changes that they are in no version yet."""
    path = root / "CHANGELOG.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    _before, _title, rest = text.partition("## [Unreleased]")
    return "\n- " in rest.partition("\n## ")[0]


def _find_previous(root: Path, version: str) -> str:
    try:
        return _git(root, "describe", "--tags", "--abbrev=0", "--match=v*", f"--exclude=v{version}")
    except ReleaseRefused:
        raise ReleaseRefused(
            "No tag names the release before: say PREVIOUS=COMMIT, or PREVIOUS=none for the first one."
        ) from None


def check_out(root: Path, commit: str, folder: Path) -> Path:
    """What a commit holds, in a new folder."""
    folder.mkdir()
    content = _run(["git", "-C", str(root), "archive", "--format=tar", commit])
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def build_assets(tree: Path) -> Path:
    """Build the assets of a tree with its own code; returns their folder."""
    _run([sys.executable, "-c", BUILD], cwd=tree)
    return tree / "build" / "static"


def add_earlier(before: Path, now: Path, target: Path) -> None:
    """Copy the built assets of before that the new build lacks; unchanged ones have one name."""
    for path in before.rglob("*"):
        name = path.relative_to(before)
        if path.is_file() and path.name != assets.MANIFEST and not (now / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / name)


def _pack(tree: Path, name: str, seconds: int) -> bytes:
    """A tree as a compressed archive whose bytes depend on its content and on `seconds` alone."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=seconds) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in _list_released(tree):
            entry = archive.gettarinfo(path, f"{name}/{path.relative_to(tree)}")
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            entry.mtime, entry.mode = seconds, 0o755 if entry.mode & 0o100 else 0o644
            with path.open("rb") as file:
                archive.addfile(entry, file)
    return packed.getvalue()


def _list_released(tree: Path) -> Iterator[Path]:
    for path in sorted(tree.rglob("*")):
        parts = path.relative_to(tree).parts
        if path.is_file() and parts[0] != "build" and "__pycache__" not in parts:
            yield path


def _git(root: Path, *words: str) -> str:
    return _run(["git", "-C", str(root), *words]).decode().strip()


def _run(command: list[str], cwd: Path | None = None) -> bytes:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise ReleaseRefused(f"{' '.join(command[:4])} failed: {done.stderr.decode().strip()[-500:]}")
    return done.stdout


def main() -> None:
    try:
        path = make_release(ROOT, ROOT / "dist", *sys.argv[1:2])
    except ReleaseRefused as refused:
        sys.exit(str(refused))
    print(f"{path} ({path.stat().st_size} bytes), and its SHA-256 beside it.")


if __name__ == "__main__":
    main()
