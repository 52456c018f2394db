"""The bytecode cache of templates: shared with the next process, invalidated by changes."""

import pytest
from jinja2 import Environment, FileSystemLoader

from portal.platform.web import template_cache
from portal.platform.web.template_cache import TemplateBytecodeCache


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The cache folder, with an empty cache in memory, as in a new process."""
    monkeypatch.setattr(TemplateBytecodeCache, "codes", {})
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.html").write_text("Bonjour {{ name }}")
    return tmp_path / "kept"


@pytest.fixture
def say(kept, monkeypatch):
    """Render the page as a new process, which may or must not compile it."""

    def say_(*, compiling: bool = True) -> str:
        TemplateBytecodeCache.codes.clear()
        pages = FileSystemLoader(kept.parent / "pages")
        environment = Environment(loader=pages, bytecode_cache=TemplateBytecodeCache(kept), autoescape=True)
        if not compiling:
            monkeypatch.setattr(environment, "compile", lambda *_: pytest.fail("compiled again"))
        return environment.get_template("page.html").render(name="Ada")

    return say_


def test_the_next_process_reads_what_the_first_compiled(say):
    assert say() == say(compiling=False) == "Bonjour Ada"


def test_a_template_that_changed_is_compiled_again(say, kept):
    say()
    (kept.parent / "pages" / "page.html").write_text("Bonsoir {{ name }}")
    assert say() == say(compiling=False) == "Bonsoir Ada"


def test_a_file_that_was_cut_short_is_made_anew(say, kept):
    say()
    (file,) = kept.rglob("*.code")
    file.write_bytes(file.read_bytes()[:40])
    assert say() == say(compiling=False) == "Bonjour Ada"


def test_what_other_code_compiled_goes(say, kept, monkeypatch):
    say()
    monkeypatch.setattr(template_cache, "compilation_fingerprint", lambda: "another")
    assert say() == "Bonjour Ada"
    assert [folder.name for folder in kept.iterdir()] == ["another"]


def test_where_nothing_can_be_kept_pages_are_shown(say, kept):
    kept.write_text("a file, where a folder should be")
    assert say() == say() == "Bonjour Ada"


def test_what_compiles_leaves_its_mark(monkeypatch):
    before = template_cache.compilation_fingerprint()
    monkeypatch.setattr(template_cache.jinja2, "__version__", "another")
    assert template_cache.compilation_fingerprint() != before
