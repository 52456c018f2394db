"""The guides of those who host: commands are the same in both languages, links lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "docs" / "hosting"
FRENCH = ENGLISH / "fr"
PAIRS = {
    "exploitation.md": ENGLISH / "operations.md",
    "hebergement.md": ENGLISH / "install.md",
    "incidents.md": ENGLISH / "incidents.md",
    "sauvegarde.md": ENGLISH / "backup.md",
    "trois-machines.md": ENGLISH / "three-machines.md",
}
BLOCK = re.compile(r"^( *)```\w*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
GUIDES = [ROOT / "docs/hosting.md", *sorted(ENGLISH.rglob("*.md"))]


def list_blocks(file: Path) -> list[str]:
    return [
        re.sub(r"^ +", "", block, flags=re.MULTILINE) for _, block in BLOCK.findall(file.read_text("utf-8"))
    ]


def list_headings(file: Path) -> set[str]:
    """The fragments of a document's headings, as forges and our own pages make them."""
    titles = re.findall(r"^#+ (.*)$", BLOCK.sub("", file.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", PAIRS)
def test_commands_are_the_same_in_both_languages(name):
    blocks = list_blocks(FRENCH / name)
    assert blocks
    originals = list_blocks(PAIRS[name]) + list_blocks(ROOT / "docs/hosting.md")
    for block in blocks:
        assert block in originals, f"{name}: {block}"


def test_every_guide_for_those_who_host_is_there_in_french():
    assert {path.name for path in FRENCH.glob("*.md")} == PAIRS.keys() | {"securite.md"}
    index = (FRENCH / "hebergement.md").read_text("utf-8")
    assert all(f"({path.name})" in index for path in FRENCH.glob("*.md") if path.name != "hebergement.md")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT / "docs")))
def test_links_lead_somewhere(guide):
    for link in LINK.findall(guide.read_text("utf-8")):
        path, _, fragment = link.partition("#")
        if path.startswith(("http:", "https:")):
            continue
        target = (guide.parent / path).resolve() if path else guide
        assert target.exists(), link
        if fragment and target.suffix == ".md":
            assert fragment in list_headings(target), link


@pytest.mark.parametrize("language", ["incidents.md", "fr/incidents.md"])
def test_each_of_ten_incidents_says_command_locks_downtime_and_way_back(language):
    text = (ENGLISH / language).read_text("utf-8")
    sections = re.split(r"^## (\d+)\. ", text, flags=re.MULTILINE)[1:]
    assert sections[::2] == [str(number) for number in range(1, 11)]
    words = (
        ("Commande", "Verrous", "Interruption", "Retour")
        if "/" in language
        else ("Command", "Locks", "Downtime", "Way back")
    )
    for section in sections[1::2]:
        for word in words:
            assert f"**{word}" in section, section[:40]


def test_french_is_typed_as_french_is():
    for guide in FRENCH.glob("*.md"):
        prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", BLOCK.sub("", guide.read_text("utf-8")))
        assert not re.findall(r".{20} [:;?!»]", prose), guide.name
        assert not re.findall(r"\w'\w|« ", prose), guide.name
