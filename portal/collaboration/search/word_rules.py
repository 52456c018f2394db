"""Words of a text as the index stores them: folded (case, accents, ligatures) and stemmed.

Accents are folded before stemming, so that "accessibilite" finds "accessibilité". Stems come from
the Snowball algorithms for French and English (https://snowballstem.org), after a plain plural is
made singular; `EXCEPTIONS` holds what they get wrong.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import snowballstemmer

WORD_MAX = 64  # characters; a longer run of letters is no word that anybody types
WORDS_MAX = 15_000  # words of a text that are indexed: a lexeme of PostgreSQL has 16,383 positions
LANGUAGES = ("french", "english")

_STEMMERS = {language: snowballstemmer.stemmer(language) for language in LANGUAGES}
_stemming = Lock()  # a stemmer holds the word that it works on
_LIGATURES = (("œ", "oe"), ("æ", "ae"))
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"  # where a word may be cut, or not: no part of it
_MARKS = re.compile(  # combining, and unseen
    f"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f{_UNSEEN}]+"
)
_RUN = re.compile(rf"[^\W_]+(?:(?:[{_UNSEEN}]+|[{_UNSEEN}]*'[{_UNSEEN}]*)[^\W_]+)*")
_ELISIONS = frozenset(
    ("l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu", "quelqu")
)  # before an apostrophe they are words of their own, of no meaning
_LETTERS = re.compile(r"[^\W_]+")
_ELIDED = re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(_ELISIONS, key=len, reverse=True))})'(?=[^\W_])")

# Plurals that no rule gives, by the stem of their singular: mostly verbs.
_PLURALS = {
    "attend": "attendent",
    "avait": "avaient",
    "chang": "changent",
    "compt": "comptent",
    "correspond": "correspondent",
    "demand": "demandent",
    "depend": "dependent",
    "doit": "doivent",
    "etait": "etaient",
    "figur": "figurent",
    "ira": "iront",
    "jug": "jugent",
    "manqu": "manquent",
    "pass": "passent",
    "peut": "peuvent",
    "port": "portent",
    "previent": "previennent",
    "repart": "repartent",
    "rest": "restent",
    "ser": "seront",
    "vient": "viennent",
}

# Words that one of the algorithms takes for others, in its own language or where the languages meet:
# “formation” for “format”, “important” for “import”, “événement” for the English “even”.
_OWN_STEMS = (
    *("attention", "base", "case", "classement", "communication", "course", "departement", "devis"),
    *("direction", "environnement", "environment", "equipement", "evenement", "formation", "groupement"),
    *("importance", "logement", "maintenance", "operator", "partie", "pending", "personne", "portee"),
    *("publication", "sorte", "sortie", "usage", "visit"),
)

# Forms of one word, by their stem, where the algorithms take some of them for another word:
# “verser” for “vers”.
_FORMS = {
    "care": "care",
    "done": "done",
    "during": "during",
    "important": "important importants importante importantes",
    "none": "none",
    "operateur": "operateur operateurs operatrice operatrices",
    "policy": "policy policies",
    "usager": "usager usagers usagere usageres",
    "verser": "verser verse versee verses versees versement versements",
}
_OWN_FORMS = {
    **{form: word for word in _OWN_STEMS for form in (word, f"{word}s")},
    **{form: stem for stem, forms in _FORMS.items() for form in forms.split()},
}

# Words whose stem is not what the algorithms say, by their folded form.
EXCEPTIONS = {
    "french": {
        "avenant": "avenant",
        "avenants": "avenant",
        "avenir": "avenir",
        "avenirs": "avenir",
        "partent": "part",
        "citent": "cit",
        "gardent": "gard",
        "travail": "travail",
        "travaux": "travail",
        "bail": "bail",
        "baux": "bail",
        "vitrail": "vitrail",
        "vitraux": "vitrail",
        "email": "email",
        "emails": "email",
        "ciel": "ciel",
        "cieux": "ciel",
        "oeil": "oeil",
        "yeux": "oeil",
        "donnee": "donnee",
        "donnees": "donnee",
        **{plural: stem for stem, plurals in _PLURALS.items() for plural in plurals.split()},
        **_OWN_FORMS,
        "data": "data",
        "instalment": "instalment",
        "instalments": "instalment",
    },
    "english": {
        **_OWN_FORMS,
        "does": "do",
        "instalment": "instalment",
        "instalments": "instalment",
        "people": "person",
        "themselves": "itself",
        "children": "child",
        "criteria": "criterion",
        "criterion": "criterion",
        "data": "data",
        "dating": "dating",
        "news": "news",
        "analyses": "analysi",
        "analysis": "analysi",
    },
}
_STOP_WORDS = {
    "french": (
        "a ai as au aux avec c ce cela celle celles celui ces cette ceux comme d dans de depuis des donc dont"
        " du elle elles en est et etre eu eux il ils j je l la le les leur leurs lui m ma mais me mes moi n"
        " ne nos notre nous on ont ou par pas pendant plus pour qu que qui s sa sans se ses si son sont sur t"
        " ta te tes toi ton tres tu un une vers vos votre vous y"
    ),
    "english": (
        "a an and are as at be been but by for from had has have he her his i if in into is it its me my"
        " no not of on or our she so that the their them they this to was we were will with you your"
    ),
}
STOP_WORDS = {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}
_STOP_WORDS_OF_ANY = frozenset().union(*STOP_WORDS.values())


class LocatedWord(NamedTuple):
    """A word of a text: as it is folded, and where it stands in the text."""

    folded: str
    start: int
    end: int


def fold_text(text: str) -> str:
    """The text in lower case without accents and ligatures."""
    if text.isascii():
        return text.casefold()
    lower = text.casefold()
    for ligature, letters in _LIGATURES:
        lower = lower.replace(ligature, letters)
    decomposed = unicodedata.normalize("NFKD", lower)
    return _MARKS.sub("", decomposed)


def _unify_apostrophes(text: str) -> str:
    """The text with one kind of apostrophe, as long as it was."""
    return text.replace("’", "'").replace("\u02bc", "'")


def iterate_words(text: str) -> Iterator[LocatedWord]:
    """The words of a text in order. Elided articles are left out: "l’usager" is "usager"."""
    for run in _RUN.finditer(_unify_apostrophes(text)):
        start = run.start()
        for part in run.group().split("'"):
            end = start + len(part)
            if part and len(part) <= WORD_MAX:
                forms = _fold_part(part)
                if end == run.end() or forms[0] not in _ELISIONS:
                    for folded in forms[1]:
                        yield LocatedWord(folded, start, end)
            start = end + 1


@lru_cache(maxsize=20_000)
def _fold_part(part: str) -> tuple[str, Sequence[str]]:
    """A part folded, and its letters and digits alone, as both engines tell words apart:
    compatibility forms may split."""
    folded = fold_text(part)
    return folded, [folded] if folded.isalnum() else _LETTERS.findall(folded)


def replace_word(text: str, folded: str, by: str) -> str:
    """The text with another word wherever it has this folded one; the rest stays as it is."""
    places = [(word.start, word.end) for word in iterate_words(text) if word.folded == folded]
    for start, end in reversed(places):
        text = text[:start] + by + text[end:]
    return text


def fold_words(text: str) -> list[str]:
    """The folded words of a text, at most `WORDS_MAX`: those of `iterate_words`, folded all at once."""
    folded = _ELIDED.sub(" ", fold_text(_unify_apostrophes(text)))
    return [word for word in _LETTERS.findall(folded) if len(word) <= WORD_MAX][:WORDS_MAX]


def language_of(words: Sequence[str]) -> str:
    """The language whose stop words are more frequent in a text: French unless English wins."""
    french, english = (sum(word in STOP_WORDS[language] for word in words[:400]) for language in LANGUAGES)
    return "english" if english > french else "french"


def is_stop_word(folded: str) -> bool:
    return folded in _STOP_WORDS_OF_ANY


@lru_cache(maxsize=20_000)
def stem(folded: str, language: str) -> str:
    """The stem of a folded word: the same for its singular and plural."""
    exceptions = EXCEPTIONS[language]
    if folded in exceptions:
        return exceptions[folded]
    singular = _make_singular(folded, language)
    if singular in exceptions:
        return exceptions[singular]
    with _stemming:
        stemmed: str = _STEMMERS[language].stemWord(singular)
    return stemmed


def _make_singular(folded: str, language: str) -> str:
    """A regular plural made singular; a word of two letters stays."""
    if len(folded) < 3 or not folded.isalpha():
        return folded
    if language == "french":
        if folded.endswith("eaux"):
            return folded[:-1]
        if folded.endswith("aux"):
            return f"{folded[:-3]}al"
        if folded.endswith(("eux", "oux", "s")) and not folded.endswith("ss"):
            return folded[:-1]
    return folded


@lru_cache(maxsize=20_000)
def stems_of(folded: str) -> Sequence[str]:
    """The stems of a word of a query, in both languages, without repetition."""
    return tuple(dict.fromkeys(stem(folded, language) for language in LANGUAGES))


def list_added_stems(words: Sequence[str]) -> list[str]:
    """The distinct stems of a text's words in its language that are none of its words themselves."""
    language = language_of(words)
    distinct = set(words)
    stems = {stem(word, language) for word in distinct - _STOP_WORDS_OF_ANY}
    return sorted(stems - distinct)
