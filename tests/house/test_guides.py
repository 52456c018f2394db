"""The guides of those who host: commands are the same in both languages, links lead somewhere."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "docs" / "hosting"
FRENCH = ENGLISH / "fr"
PAIRS = {
    "conteneurs.md": ENGLISH / "containers.md",
    "exploitation.md": ENGLISH / "operations.md",
    "hebergement.md": ROOT / "docs" / "hosting.md",
    "incidents.md": ENGLISH / "incidents.md",
    "installation.md": ENGLISH / "install.md",
    "sauvegarde.md": ENGLISH / "backup.md",
    "securite.md": ENGLISH / "security.md",
    "trois-machines.md": ENGLISH / "three-machines.md",
}
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"(?:^|(?<=\s))#\s.*")
LINK = re.compile(r"\]\(([^)\s]+)\)")
GUIDES = [ROOT / "docs/hosting.md", *sorted(ENGLISH.rglob("*.md"))]


def list_commands(file: Path) -> list[str]:
    """The lines of a guide's code blocks, in order, without comments and indents; a drawing is no code."""
    lines = [
        COMMENT.sub("", line).strip()
        for language, block in BLOCK.findall(file.read_text("utf-8"))
        if language != "text"
        for line in block.splitlines()
    ]
    return [line for line in lines if line]


def list_headings(file: Path) -> set[str]:
    """The fragments of a document's headings, as forges and our own pages make them."""
    titles = re.findall(r"^#+ (.*)$", BLOCK.sub("", file.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", PAIRS)
def test_commands_are_the_same_and_in_the_same_order_in_both_languages(name):
    commands = list_commands(FRENCH / name)
    assert bool(commands) == (name != "securite.md")  # a table names its few commands
    assert commands == list_commands(PAIRS[name])


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT / "docs")))
def test_every_block_says_what_it_is(guide):
    """A block without a language would be neither run by a test nor known to be a drawing."""
    assert all(language for language, _block in BLOCK.findall(guide.read_text("utf-8")))


def test_every_guide_for_those_who_host_is_there_in_french():
    assert {path.name for path in FRENCH.glob("*.md")} == PAIRS.keys()
    assert set(PAIRS.values()) == {ROOT / "docs/hosting.md", *ENGLISH.glob("*.md")}
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


def test_every_alert_leads_to_its_place_in_the_guides():
    (group,) = yaml.safe_load((ROOT / "hosting" / "portal-alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]:
        path, _, fragment = rule["annotations"]["runbook"].partition("#")
        assert fragment in list_headings(ROOT / path), rule["alert"]
    alerts = {rule["alert"] for rule in group["rules"]}
    for language in ("incidents.md", "fr/incidents.md"):
        assert set(re.findall(r"`(Portal\w+)`", (ENGLISH / language).read_text("utf-8"))) <= alerts


def test_french_is_typed_as_french_is():
    for guide in FRENCH.glob("*.md"):
        prose = re.sub(r"``.*?``|`[^`]*`|\]\([^)]*\)", "", BLOCK.sub("", guide.read_text("utf-8")))
        assert not re.findall(r".{20} [:;?!»]", prose), guide.name
        assert not re.findall(r"\w'\w|« ", prose), guide.name
