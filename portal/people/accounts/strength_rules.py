"""Password strength: whether a password resists guessing, and the reason if it does not.

Combines the estimate of zxcvbn, given words of the person, the portal and French, with a list of
common passwords. There are no composition rules: they make passwords harder to remember than to
guess (NIST SP 800-63B, 3.1.1.2).
"""

import gzip
import importlib
import re
from collections.abc import Callable, Container, Iterable
from functools import cache
from pathlib import Path
from string import digits, punctuation
from threading import Lock
from typing import Any

from portal.people.accounts.models import PASSWORD_MAX, Person
from portal.platform.kernel.text import LazyString, fold, slugify
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

STANDALONE_MIN = 4  # letters: a shorter word occurs by chance inside others
ENDING_MAX = 8  # characters of an ignored ending, such as a date
LEAST_SCORE = 3  # of 4: more than 10^8 guesses, enough with a slow hash

# The cost of zxcvbn grows fast with length and with characters that stand for letters: a hundred
# bad ones take 14 s. Only the beginning is estimated, which never overrates the whole, and rare
# stand-ins are replaced. The worst case is then 0.3 s.
ESTIMATED_MAX = 40  # characters
_RARE_STAND_INS = str.maketrans("{[<(|%+", "éèçàùµ§")

# Separators between words. zxcvbn counts each as a part, and three parts as 10^8 guesses whatever
# they are ("portail portail" would pass), so the password is also estimated without them.
_SEPARATORS = re.compile(r"[\W_]+")

_DATA = Path(__file__).parent / "data"
_PORTAL_WORDS = (
    *("portail", "laureat", "laureats", "ami ia", "amiia", "ami", "intelligence", "artificielle"),
    *("sprint", "prototype", "demonstration", "coach", "etalab", "dinum", "gouv"),
)

TOO_COMMON = _l("Ce mot de passe est trop courant : on l’essaie en premier.")
EXPLANATIONS: dict[str, LazyString] = {
    "common": TOO_COMMON,
    "own": _l("Il tient à votre nom ou à votre adresse."),
    "passwords": _l("Il ressemble à un mot de passe très courant."),
    "dictionary": _l("Il tient à un mot ou à un nom courant."),
    "spatial": _l("Des touches voisines du clavier se devinent vite."),
    "repeat": _l("Ce qui se répète se devine vite."),
    "sequence": _l("Une suite comme « abcd » ou « 4321 » se devine vite."),
    "regex": _l("Une date ou une année se devine vite."),
    "date": _l("Une date ou une année se devine vite."),
    "bruteforce": _l("Il se devinerait trop vite."),
}

_zxcvbn_lock = Lock()  # zxcvbn stores the given words in a global table


def explain_weakness(password: str, person: Person | None, *, least: int) -> str | None:
    """Return a sentence on why the password is refused and what to do; None if it is strong enough.

    `least` is its minimum length in characters. Words of the person's name and address weaken it.
    """
    if len(password) < least:
        return _("Choisissez au moins %(n)s caractères.", n=least)
    if len(password) > PASSWORD_MAX:
        return _("Choisissez au plus %(n)s caractères.", n=PASSWORD_MAX)
    weakness = _find_weakness_code(password, person)
    if weakness is None:
        return None
    return _("%(why)s Prenez plutôt quatre ou cinq mots sans rapport.", why=EXPLANATIONS[weakness])


def _find_weakness_code(password: str, person: Person | None) -> str | None:
    plain = fold(password)
    if {plain, _strip_short_digit_ending(plain)} & _common_passwords():
        return "common"
    own_words = _words_of_person(person)
    for words, weakness in ((own_words, "own"), (_PORTAL_WORDS, "dictionary")):
        if _is_made_of_words(words, plain):
            return weakness
    dictionary = [*own_words, *_PORTAL_WORDS, *_french_words()]
    for candidate in dict.fromkeys((password, _SEPARATORS.sub("", password))):
        beginning = candidate[:ESTIMATED_MAX].translate(_RARE_STAND_INS)
        with _zxcvbn_lock:
            estimate = _load_estimator()(beginning, dictionary, max_length=ESTIMATED_MAX)
        if estimate["score"] < LEAST_SCORE:
            return _longest_guessable_pattern(estimate["sequence"], own_words)
    return None


@cache
def _load_estimator() -> Callable[..., dict[str, Any]]:
    """Read zxcvbn's word lists, which take 12 MB, when the first password is chosen."""
    estimator: Callable[..., dict[str, Any]] = importlib.import_module("zxcvbn").zxcvbn
    return estimator


def _is_made_of_words(words: Iterable[str], plain: str) -> bool:
    """Tell whether a folded password is these words and at most an ending of `ENDING_MAX`.

    Longer words are removed first, words shorter than `STANDALONE_MIN` only between separators.
    """
    rest = plain
    for word in sorted({fold(word) for word in words}, key=len, reverse=True):
        pattern = re.escape(word)
        rest = re.sub(rf"\b{pattern}\b" if len(word) < STANDALONE_MIN else pattern, " ", rest)
    return rest != plain and len(_SEPARATORS.sub("", rest)) <= ENDING_MAX


def _longest_guessable_pattern(parts: Iterable[dict[str, Any]], own_words: Container[str]) -> str:
    """Return the pattern of the longest part of the password that is not random."""
    guessable_parts = [part for part in parts if part["pattern"] != "bruteforce"]
    longest = max(guessable_parts, key=lambda part: len(part["token"]), default={"pattern": "bruteforce"})
    if longest.get("matched_word") in own_words:
        return "own"
    return "passwords" if longest.get("dictionary_name") == "passwords" else longest["pattern"]


def _words_of_person(person: Person | None) -> list[str]:
    """Return the words of a person's name and address, with and without accents."""
    if person is None:
        return []
    name = person.name.lower()
    texts = [name, fold(name), person.email, person.email.partition("@")[0]]
    parts = (part for text in texts for part in re.findall(r"[^\W_]{3,}", text))
    return [*texts, *parts, slugify(name).replace("-", "")]


def _strip_short_digit_ending(plain: str) -> str:
    """Return a folded password without a short ending of digits and punctuation."""
    bare = plain.rstrip(digits + punctuation + " ")
    return bare if len(plain) - len(bare) <= ENDING_MAX else plain


@cache
def _common_passwords() -> frozenset[str]:
    """Return the folded common passwords and French words, read from disk once."""
    with gzip.open(_DATA / "common.txt.gz", "rt", encoding="utf-8") as lines:
        return frozenset(fold(line.strip()) for line in lines) | frozenset(_french_words())


@cache
def _french_words() -> tuple[str, ...]:
    return tuple((_DATA / "french.txt").read_text(encoding="utf-8").split())
