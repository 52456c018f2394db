"""The glossary (`docs/glossary.md`) binds the sentences of the portal: no forbidden word in a catalogue."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from tools import messages

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
WORDS_MIN = 30
_PLACEHOLDER = re.compile(r"%\(\w+\)s")


def read_forbidden() -> Iterator[tuple[str, str]]:
    """The forbidden words of the last column with their language: English ones are in italics."""
    for line in GLOSSARY.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| **") or len(cells) != 4:
            continue
        english = re.findall(r"\*([^*]+)\*", cells[3])
        french = re.sub(r"\*[^*]+\*", "", cells[3]).replace(";", ",")
        yield from (("en", word.strip()) for words in english for word in words.split(","))
        yield from (("fr", word.strip()) for word in french.split(",") if word.strip())


@cache
def sentences(language: str) -> Sequence[str]:
    """The sentences of a language: the source holds the French ones."""
    texts: list[str] = []
    for message in messages.read("en"):
        if message.id:
            text = message.id if language == "fr" else message.string
            texts += [text] if isinstance(text, str) else text
    return texts


FORBIDDEN = sorted(read_forbidden())


def find(word: str, texts: Sequence[str]) -> list[str]:
    whole_word = re.compile(rf"(?<![\w-]){re.escape(word)}(?!\w)", re.IGNORECASE)
    return [text for text in texts if whole_word.search(_plain(text))]


@cache
def _plain(text: str) -> str:
    """The sentence without its placeholders, with plain spaces."""
    return _PLACEHOLDER.sub("", text).replace("\xa0", " ")


def test_the_glossary_forbids_words_in_both_languages() -> None:
    assert {language for language, _word in FORBIDDEN} == {"fr", "en"}
    assert len(FORBIDDEN) > WORDS_MIN
    assert find("mail", ["Un mail part.", "Un courriel part."]) == ["Un mail part."]
    assert find("ôtez", ["Tant que vous ne l’ôtez pas."])  # also after an elision


@pytest.mark.parametrize(("language", "word"), FORBIDDEN)
def test_no_sentence_has_a_word_that_the_glossary_forbids(language: str, word: str) -> None:
    assert find(word, sentences(language)) == []


def test_no_style_sheet_writes_sentences_in_capitals() -> None:
    own = [path for path in (ROOT / "static").glob("*.css") if "uppercase" in path.read_text()]
    assert own == []
