"""Words as the index stores them, and queries as both engines are asked."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from babel.messages import pofile
from hypothesis import given
from hypothesis import strategies as st

from portal.collaboration.search import word_rules as words
from portal.collaboration.search.extract_rules import create_matcher, cut_extract, mark_matches
from portal.collaboration.search.markdown_rules import strip_markdown
from portal.collaboration.search.query_rules import (
    MatchTier,
    QueryTerm,
    SearchReader,
    fts5_query,
    parse_query,
    ts_query,
    ts_vector,
)

SAME = [
    ("usager", "usagers"),
    ("travail", "travaux"),
    ("jalon", "jalons"),
    ("réseau", "réseaux"),
    ("national", "nationaux"),
    ("accessibilité", "accessibilite"),
    ("donnée", "données"),
    ("évaluation", "évaluations"),
    ("lieu", "lieux"),
    ("biais", "biais"),
]
APART = [
    *(("avenant", "avenir"), ("données", "donner"), ("usage", "usager"), ("procès", "processus")),
    *(("formation", "format"), ("publication", "public"), ("équipement", "équipe"), ("base", "bas")),
    *(("communication", "commune"), ("département", "départ"), ("cours", "course"), ("portée", "port")),
    *(("partie", "part"), ("groupement", "groupe"), ("cas", "case"), ("table", "tableau")),
    *(("attente", "attention"), ("classe", "classement"), ("direct", "direction"), ("import", "important")),
    *(
        ("importer", "importance"),
        ("maintenant", "maintenance"),
        ("opérateur", "opération"),
        ("sorte", "sortie"),
    ),
    *(("environ", "environnement"), ("vers", "versement"), ("devis", "devant"), ("parti", "partie")),
]
# Of two languages, which meet where a query is stemmed in both: the second is a word of texts.
FALSE_FRIENDS = [
    *(("data", "date"), ("dates", "data"), ("person", "personne"), ("personnes", "person")),
    *(("département", "départ"), ("environment", "environ"), ("événement", "even"), ("devis", "dev")),
    *(("attente", "attention"), ("during", "durée"), ("pending", "pendant"), ("commit", "comme")),
    *(("cell", "cela"), ("care", "car"), ("done", "donner"), ("none", "non"), ("tree", "très")),
    *(("operator", "opération"), ("policies", "police"), ("visit", "visa"), ("publics", "publication")),
]


def test_threads_stem_as_one_does():
    texts = Path("docs").glob("*.md")
    distinct = sorted({word for text in texts for word in words.fold_words(text.read_text())})
    stem = words.stem.__wrapped__  # without the cache, which hides most of it
    assert len(distinct) > 1000
    expected = [stem(word, "french") for word in distinct]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            tries = [pool.submit(lambda: [stem(word, "french") for word in distinct]) for _ in range(4)]
    finally:
        sys.setswitchinterval(interval)
    assert all(each.result() == expected for each in tries)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_singular_and_plural_have_one_stem(left, right):
    assert words.stem(words.fold_text(left), "french") == words.stem(words.fold_text(right), "french")


def written_as(word, language):
    """What the index holds of a word of a text in a language: stop words have no stem."""
    folded = words.fold_text(word)
    return {folded} if words.is_stop_word(folded) else {folded, words.stem(folded, language)}


@pytest.mark.parametrize(("typed", "other"), [*APART, *FALSE_FRIENDS, *((b, a) for a, b in APART)])
def test_a_word_does_not_find_one_that_is_taken_for_it(typed, other):
    asked = {words.fold_text(typed), *words.stems_of(words.fold_text(typed))}
    for language in words.LANGUAGES:
        assert asked.isdisjoint(written_as(other, language)), language


def plural_pairs(language):
    """Words that differ between the singular and the plural of a sentence of a catalogue."""
    path = Path(f"translations/{language}/LC_MESSAGES/messages.po")
    with path.open("rb") as file:
        catalogue = pofile.read_po(file)
    for message in catalogue:
        if isinstance(message.id, tuple):
            texts = message.string if all(message.string) else message.id
            sides = [words.fold_words(re.sub(r"%\(\w+\)[sd]", "", text)) for text in texts[:2]]
            if len(sides[0]) == len(sides[1]):
                yield from ((one, many) for one, many in zip(*sides, strict=True) if one != many)


@pytest.mark.parametrize(("language", "name"), [("fr", "french"), ("en", "english")])
def test_singular_and_plural_of_the_catalogues_have_one_stem(language, name):
    pairs = {pair for pair in plural_pairs(language) if not words.STOP_WORDS[name].intersection(pair)}
    unlike = {pair for pair in pairs if words.stem(pair[0], name) != words.stem(pair[1], name)}
    assert len(pairs) > 40
    of_another_order = {("one", "severe"), ("severe", "them"), ("whole", "sections")}
    of_another_order |= {("reponse", "premiere"), ("answer", "first")}
    verbs = {("attendra", "attendront"), ("mentionne", "mentionnent"), ("goes", "go"), ("who", "led")}
    assert unlike <= of_another_order | verbs


def test_elided_articles_and_both_apostrophes():
    for apostrophe in ("'", "’"):
        text = f"L{apostrophe}usager n{apostrophe}a pas l{apostrophe}œuvre, aujourd{apostrophe}hui"
        assert words.fold_words(text) == ["usager", "a", "pas", "oeuvre", "aujourd", "hui"]


@given(st.text())
def test_words_are_letters_and_digits_of_the_text(text):
    for word in words.iterate_words(text):
        assert word.folded
        assert word.folded.isalnum()
        assert words.fold_text(text[word.start : word.end]).find(word.folded) >= 0


def test_characters_that_nobody_sees_cut_no_word():
    for unseen in ("\u00ad", "\u200b", "\u2060"):
        text = f"L’{unseen}usa{unseen}ger dou{unseen}te"
        assert words.fold_words(text) == ["usager", "doute"]
        assert [(each.folded, text[each.start : each.end]) for each in words.iterate_words(text)] == [
            ("usager", f"{unseen}usa{unseen}ger"),
            ("doute", f"dou{unseen}te"),
        ]
        assert parse_query(f"dou{unseen}te").words == ("doute",)


@given(st.text(alphabet="ldqu’'é œab1 _-\u00ad\u200b"))
def test_words_folded_at_once_are_those_found_one_by_one(text):
    assert words.fold_words(text) == [word.folded for word in words.iterate_words(text)]


@given(st.text())
def test_any_query_makes_expressions_of_letters_digits_and_operators(text):
    query, reader = parse_query(text), SearchReader(["p1"], ["abc", "xyz"], "x1")
    if not query.is_empty:
        for tier in MatchTier:
            assert re.fullmatch(r"[\w\s:{}()\"*]+", fts5_query(query, tier, reader))
            assert re.fullmatch(r"[\w\s:()'*@#~|&!<>-]+", ts_query(query, tier, reader))


def test_a_query_has_words_phrases_exclusions_and_a_prefix():
    query = parse_query('l’usager "cas d’usage" -annotation des donn')
    assert query.required == (
        QueryTerm(("usager",)),
        QueryTerm(("cas", "usage"), is_phrase=True),
        QueryTerm(("donn",), is_prefix=True),
    )
    assert query.excluded == (QueryTerm(("annotation",), is_excluded=True),)


def test_stop_words_count_where_there_is_nothing_else():
    assert parse_query("pour").words == ("pour",)
    assert parse_query("pour le jalon").words == ("jalon",)


def test_a_vector_tells_title_and_body_apart():
    vector = ts_vector(["p1"], ["kitem"], ["jalon"], ["jalon", "atteint"], ["jalon"])
    assert vector == "'@p1' '#kitem' '~jalon' 'jalon':1A,3 'atteint':4"


def marked(segments):
    return "".join(f"[{part.text}]" if part.is_marked else part.text for part in segments)


def test_an_extract_shows_where_the_words_stand_and_marks_them():
    text = "Au début. " * 20 + "Les usagers n’ont pas vu l’écran d’accueil. " + "À la fin. " * 40
    shown = marked(cut_extract(text, create_matcher(parse_query("usager accueil"))))
    assert "Les [usagers] n’ont pas vu l’écran d’[accueil]." in shown
    assert shown.startswith("… ")
    assert shown.endswith("…")
    assert len(shown) < 240


@given(st.text(max_size=400), st.text(max_size=30))
def test_an_extract_is_a_part_of_its_text(text, q):
    shown = "".join(part.text for part in cut_extract(text, create_matcher(parse_query(q))))
    assert shown.removeprefix("… ").removesuffix("…") in " ".join(strip_markdown(text).split()) + "…"
    assert "".join(part.text for part in mark_matches(text, create_matcher(parse_query(q)))) == text
