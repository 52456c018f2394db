"""Marks of Markdown leave an extract, and no word does."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.collaboration.search.markdown_rules import strip_markdown
from portal.collaboration.search.word_rules import fold_words


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**Gras** et *italique*, ~~barré~~, `code`", "Gras et italique, barré, code"),
        ("***Tout*** et **gras _puis_ plus**", "Tout et gras puis plus"),
        (
            "## Un titre\n> cité\n- un point\n- [x] fait\n1. premier",
            "Un titre\ncité\nun point\nfait\n1. premier",
        ),
        ("Voir [la note](https://example.org/a_b) ici", "Voir la note ici"),
        ("![le plan](/files/1) <https://example.org>", "le plan https://example.org"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "  a   b  \n\n  1   2  "),
        ("```python\nx = 1\n```", "\nx = 1\n"),
        (
            "snake_case_name, 2 * 3 * 4, l’eau - claire, C++, a_b",
            "snake_case_name, 2 * 3 * 4, l’eau - claire, C++, a_b",
        ),
        (r"\*pas en italique\*", "*pas en italique*"),
        ("Rien à ôter", "Rien à ôter"),
    ],
)
def test_marks_go_and_words_stay(typed, shown):
    assert strip_markdown(typed) == shown


@given(st.text(alphabet="ab *_`~#>-\n[]\\|+", max_size=120))
def test_no_word_is_lost_but_those_of_a_link_s_address(text):
    assert "".join(fold_words(strip_markdown(text))) == "".join(fold_words(text))


@pytest.mark.parametrize("hostile", ["*a", "[](a", "[a", "> ", "`a", "|-", "_a*b", "\\"])
def test_a_hostile_text_takes_no_time(hostile):
    before = time.process_time()
    strip_markdown(hostile * (150_000 // len(hostile)))
    assert time.process_time() - before < 4
