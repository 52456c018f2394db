"""A word that no text has any more stands in no page of SQLite's index."""

import random
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from portal.collaboration.search.commands import rewrite_pages_beginning_with
from portal.platform.kernel.database import db

ERASED = ("quenneville", "quennevill", "zephyrine")
TEXTS = 60
SEEDS = 30


def _list_beginnings() -> list[str]:
    """What the pages of the index begin with, where it is an erased word."""
    terms = db.session.scalars(sa.text("SELECT CAST(term AS TEXT) FROM search_words_idx"))
    return [term for term in terms if ERASED[0] in term]


def _write(place: int, words: list[str]) -> None:
    row = {"number": 1000 + place, "words": " ".join(f"abcd{word}" for word in words)}
    db.session.execute(sa.text("DELETE FROM search_words WHERE rowid = :number"), row)
    db.session.execute(sa.text("INSERT INTO search_words(rowid, body) VALUES (:number, :words)"), row)


@pytest.fixture
def small_pages(project) -> Iterator[None]:
    _set_page_size(64)
    yield
    _set_page_size(4050)  # FTS5's own


def _set_page_size(size: int) -> None:
    statement = sa.text("INSERT INTO search_words(search_words, rank) VALUES ('pgsz', :size)")
    db.session.execute(statement, {"size": size})
    db.session.commit()


def _write_then_erase(seed: int) -> list[list[str]]:
    """Texts of which a third named somebody; none where their pages forgot it by chance."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices("qureintv", k=chance.randint(3, 9))) for _ in range(60)]
    texts = [chance.sample(vocabulary, 5) for _ in range(TEXTS)]
    for number, words in enumerate(texts):
        _write(number, [*words, *(ERASED if number % 3 == 0 else ())])
        db.session.commit()
    for number in range(0, TEXTS, 3):
        _write(number, texts[number])
    db.session.commit()
    return texts if _list_beginnings() else []


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("small_pages")
def test_a_page_is_told_apart_by_no_erased_word() -> None:
    """FTS5 keeps the word with which a page began, whatever `secure-delete` says."""
    texts = next(filter(None, map(_write_then_erase, range(SEEDS))), None)
    assert texts
    rewrite_pages_beginning_with(ERASED)
    db.session.commit()
    assert not _list_beginnings()
    kept = sa.text("SELECT count(*) FROM search_words WHERE search_words MATCH :word")
    (word, *_others), *_rest = texts
    assert db.session.scalar(kept, {"word": f"abcd{word}"}) == sum(word in words for words in texts)
