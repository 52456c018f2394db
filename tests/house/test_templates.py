"""Every template is named somewhere: one that nothing shows is left over."""

from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"


def read_sources() -> Mapping[Path, str]:
    """The texts that may name a template, by their paths."""
    files = [*(ROOT / "portal").rglob("*.py"), *TEMPLATES.rglob("*.*")]
    return {path: path.read_text() for path in files}


def find_orphans(sources: Mapping[Path, str]) -> Iterator[str]:
    """Templates that no text names by path, nor the Python of their package by their own name."""
    everything = "\n".join(sources.values())
    for path in sorted(TEMPLATES.rglob("*.*")):
        name = path.relative_to(TEMPLATES)
        package = "\n".join(
            text for file, text in sources.items() if file.parent == ROOT / "portal" / name.parent
        )
        if name.parts[2:3] == ("letters",):
            package = everything  # each feature names the letters that it sends
        own = (f'"{path.stem}"', f'"{path.name}"')
        if str(name) not in everything and not any(each in package for each in own):
            yield str(name)


def test_every_template_is_named():
    assert not list(find_orphans(read_sources()))


def test_a_template_that_nothing_names_is_found():
    sources = {path: text.replace("platform/web/confirm.html", "") for path, text in read_sources().items()}
    assert list(find_orphans(sources)) == ["platform/web/confirm.html"]
