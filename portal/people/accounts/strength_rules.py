"""Whether a password would withstand guessing, and what to tell the person when it would not.

An estimate of the guesses it takes (zxcvbn) that knows the person, the portal and common French
words; and a list of passwords that attackers try first. No rule about kinds of characters: such
rules make passwords that are harder to remember than to guess (NIST SP 800-63B, 3.1.1.2).
"""

import gzip
import re
from collections.abc import Container, Iterable
from functools import cache
from pathlib import Path
from string import digits, punctuation
from threading import Lock
from typing import Any

from zxcvbn import zxcvbn

from portal.people.accounts.models import PASSWORD_MAX, Person
from portal.platform.kernel.text import LazyString, fold, slugify
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

STANDALONE_MIN = 4  # letters: a shorter word is found by chance within others
ENDING_MAX = 8  # characters: a date at most; a longer end is judged with the rest
LEAST_SCORE = 3  # of 4: safe enough where the hash is slow (more than 10^8 guesses)

# The estimate's cost explodes with length and with characters that stand for letters: a hundred
# ill-chosen ones take fourteen seconds. Its beginning alone is judged, which judges the whole no
# better than it is; and rare stand-ins count as the signs they are. The worst is then 0.3 s.
ESTIMATED_MAX = 40
_RARE_STAND_INS = str.maketrans("{[<(|%+", "éèçàùµ§")

# What stands between words. The estimate takes each for a part of its own, and for three parts it
# gives 10^8 guesses whatever they are: "portail portail" would do. So it is also asked without.
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

_zxcvbn_lock = Lock()  # the library keeps the words it is given in a table of its own


def explain_weakness(password: str, person: Person | None, *, least: int) -> str | None:
    """A sentence that says why the password is refused and what to do; None when it holds.

    `least` is its least length, in characters. The person's own words make it weaker.
    """
    if len(password) < least:
        return _("Choisissez au moins %(n)s caractères.", n=least)
    if len(password) > PASSWORD_MAX:
        return _("Choisissez au plus %(n)s caractères.", n=PASSWORD_MAX)
    weakness = _find_weakness(password, person)
    if weakness is None:
        return None
    return _("%(why)s Prenez plutôt quatre ou cinq mots sans rapport.", why=EXPLANATIONS[weakness])


def _find_weakness(password: str, person: Person | None) -> str | None:
    plain = fold(password)
    if {plain, _without_ending(plain)} & _common_passwords():
        return "common"
    own = _words_of(person)
    for words, why in ((own, "own"), (_PORTAL_WORDS, "dictionary")):
        if _is_made_of(words, plain):
            return why
    dictionary = [*own, *_PORTAL_WORDS, *_french_words()]
    for candidate in dict.fromkeys((password, _SEPARATORS.sub("", password))):
        begins = candidate[:ESTIMATED_MAX].translate(_RARE_STAND_INS)
        with _zxcvbn_lock:
            estimate = zxcvbn(begins, dictionary, max_length=ESTIMATED_MAX)
        if estimate["score"] < LEAST_SCORE:
            return _weakest_pattern(estimate["sequence"], own)
    return None


def _is_made_of(words: Iterable[str], plain: str) -> bool:
    """Whether little more than a date is left of a folded password without these words.

    Longer words first, wherever they stand; a word of three letters only where it stands alone.
    """
    left = plain
    for word in sorted({fold(word) for word in words}, key=len, reverse=True):
        alone = re.escape(word)
        left = re.sub(rf"\b{alone}\b" if len(word) < STANDALONE_MIN else alone, " ", left)
    return left != plain and len(_SEPARATORS.sub("", left)) <= ENDING_MAX


def _weakest_pattern(parts: Iterable[dict[str, Any]], own: Container[str]) -> str:
    """What the longest part of the password that is not random is made of."""
    guessable_parts = [part for part in parts if part["pattern"] != "bruteforce"]
    longest = max(
        guessable_parts, key=lambda part: len(part["token"]), default={"pattern": "bruteforce"}
    )
    if longest.get("matched_word") in own:
        return "own"
    return "passwords" if longest.get("dictionary_name") == "passwords" else longest["pattern"]


def _words_of(person: Person | None) -> list[str]:
    """A person's name and address, whole and in parts, with and without accents."""
    if person is None:
        return []
    name = person.name.lower()
    wholes = [name, fold(name), person.email, person.email.partition("@")[0]]
    parts = (part for whole in wholes for part in re.findall(r"[^\W_]{3,}", whole))
    return [*wholes, *parts, slugify(name).replace("-", "")]


def _without_ending(plain: str) -> str:
    """Without the few digits and signs that people put at the end when a rule asks for some."""
    bare = plain.rstrip(digits + punctuation + " ")
    return bare if len(plain) - len(bare) <= ENDING_MAX else plain


@cache
def _common_passwords() -> frozenset[str]:
    """What attackers try first; read when it is first needed."""
    with gzip.open(_DATA / "common.txt.gz", "rt", encoding="utf-8") as lines:
        return frozenset(fold(line.strip()) for line in lines) | frozenset(_french_words())


@cache
def _french_words() -> tuple[str, ...]:
    return tuple((_DATA / "french.txt").read_text(encoding="utf-8").split())
