"""What documents name in the code exists: paths, modules and what they define."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATHS = re.compile(r"`((?:portal|tests|templates|tools|bench|migrations)/[\w./-]+)`")
NAMES = re.compile(r"`(portal(?:\.\w+){2,})`")


def exists(name: str) -> bool:
    """Whether a dotted name is a package, a module, or something that a module binds."""
    parts = name.split(".")
    for length in range(len(parts), 1, -1):
        place = ROOT.joinpath(*parts[:length])
        if place.is_dir():
            return length == len(parts)
        if place.with_suffix(".py").is_file():
            text = place.with_suffix(".py").read_text(encoding="utf-8")
            return all(re.search(rf"\b{part}\b", text) for part in parts[length:])
    return False


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_exists(document: Path):
    text = document.read_text(encoding="utf-8")
    missing = [path for path in PATHS.findall(text) if not (ROOT / path).exists()]
    missing += [name for name in NAMES.findall(text) if not exists(name)]
    assert not missing


@pytest.mark.parametrize("record", sorted(ROOT.glob("docs/adr/0*.md")), ids=lambda path: path.stem)
def test_a_record_is_short(record: Path):
    assert len(record.read_text(encoding="utf-8").split()) <= 400


def test_a_name_that_is_gone_is_noticed():
    assert exists("portal.platform.kernel.database.check_version")
    assert not exists("portal.platform.kernel.database.check_edition")
    assert not exists("portal.platform.web.forms.check_version")
