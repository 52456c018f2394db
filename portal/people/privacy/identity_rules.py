"""Where a text names a person, and the same text without the name. Pure.

Case and accents never count. A full name is recognised in any order of its words and with markup
between them; its single words only where `IdentityToErase.alone` has them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from portal.platform.kernel.personal_data import ERASED_DOMAIN, IdentityToErase
from portal.platform.kernel.text import fold

WORD_MIN = 4  # letters: shorter words of a name are only sought beside the others
REDACTED_NAME = "ancien membre"
REDACTED_ADDRESS = "adresse effacée"
_REPEATED = re.compile(rf"{REDACTED_NAME}(?:[\s._,’'-]*{REDACTED_NAME})+")
# Words that name roles and things here, and nobody in particular.
NEVER_ALONE = re.compile(
    r"admin\w*|ancien(ne)?|bureau|coach|demo(nstration)?|direct\w*|equipe|former|invite|juror|jury|lead|madame"
    r"|memb(er|re)|metier|monsieur|operateur|port(eur|euse)|programme|proje(ct|t)|responsable|service|support"
    r"|team|technique|test"
)
_BETWEEN = r"[\W_]{0,8}"  # between the words of a name: spaces, hyphens, markup
_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"
_MARKUP = re.compile(r"[^\s._'’-]")
_CODE = re.compile(r"[a-z_]*")


def erased_address(person_id: UUID) -> str:
    return f"{person_id.hex}@{ERASED_DOMAIN}"


def erased_handle(person_id: UUID) -> str:
    return f"ancien-membre-{person_id.hex[-12:]}"


def fold_name_words(name: str) -> list[str]:
    """The words of a name, without case and accents."""
    return re.findall(r"[^\W_]+", fold(name))


def select_distinctive_words(names: Iterable[str]) -> frozenset[str]:
    """The words of names that may be sought alone, as far as the names themselves tell."""
    words = {word for name in names for word in fold_name_words(name)}
    return frozenset(
        word for word in words if len(word) >= WORD_MIN and word.isalpha() and not NEVER_ALONE.fullmatch(word)
    )


@dataclass(frozen=True)
class NamePatterns:
    """The patterns of one person's names, addresses and handles."""

    identity: IdentityToErase

    @cached_property
    def search_word_groups(self) -> tuple[tuple[str, ...], ...]:
        """Groups of words, without accents: those of one group stand in this order wherever the
        person is named."""
        texts = (*self.identity.emails, *self.identity.handles, *self.identity.alone)
        return tuple(sorted({*self._name_word_orders, *((fold(text),) for text in texts if text)}))

    @cached_property
    def accented_letters(self) -> frozenset[str]:
        """The letters that may have an accent where the person is named."""
        own = {fold(char) for name in self.identity.names for char in name if not char.isascii()}
        return frozenset("aceinouy").union(*own)

    @cached_property
    def _name_word_orders(self) -> frozenset[tuple[str, ...]]:
        return frozenset(
            tuple(words[at:] + words[:at])
            for words in map(fold_name_words, self.identity.names)
            for at in range(len(words))
        )

    @cached_property
    def _whole_name_patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Patterns of addresses, handle and full names, with what replaces them."""
        who = self.identity
        addresses = [(rf"(?<![\w.+-]){re.escape(each)}(?!\w)", REDACTED_ADDRESS) for each in who.emails]
        handle = erased_handle(who.person_id)
        handles = [(rf"(?<=@){re.escape(each)}(?![\w-])", handle) for each in who.handles if each]
        return (
            *((_compile_pattern(pattern), replacement) for pattern, replacement in (*addresses, *handles)),
            *(
                (_compile_pattern(_build_name_pattern(order)), REDACTED_NAME)
                for order in sorted(self._name_word_orders, key=len)[::-1]
            ),
        )

    @cached_property
    def _single_word_patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Those of words of the name that stand alone, also as sign-in names abbreviate them."""
        words = sorted({*self.identity.alone, *_iterate_sign_in_abbreviations(self.identity)}, key=len)[::-1]
        return tuple((_compile_pattern(_build_name_pattern((word,))), REDACTED_NAME) for word in words)

    def is_named_in(self, value: Any) -> bool:
        """Whether a text, or any text in a JSON value, names the person."""
        return any(self._find_name(text, is_part) for text, is_part in _iterate_texts(value))

    def find_words_in(self, value: Any) -> frozenset[str]:
        """Those of the words sought alone that stand in a value."""
        words = self.identity.alone
        return frozenset(word for word in words if narrow_patterns_to_words(self, (word,)).is_named_in(value))

    def _find_name(self, text: str, is_part: bool) -> re.Match[str] | None:
        plain = without_accents(text)
        for pattern, _ in self._select_patterns_for_text(text, is_part):
            if match := pattern.search(plain):
                return match
        return None

    def _select_patterns_for_text(self, text: str, is_part: bool) -> tuple[tuple[re.Pattern[str], str], ...]:
        """What is sought in a text; a word in JSON that may be a code is no word of a name."""
        return (
            self._whole_name_patterns
            if is_part and _CODE.fullmatch(text)
            else self._whole_name_patterns + self._single_word_patterns
        )

    def redact(self, value: Any, *, is_part: bool = False) -> Any:
        """The same text or JSON value without the name; `is_part`: it stands within JSON."""
        if isinstance(value, str):
            if value.strip().lower() in self.identity.emails:  # the column of an address holds one
                return erased_address(self.identity.person_id)
            redacted = value
            for pattern, replacement in self._select_patterns_for_text(value, is_part):
                redacted = _replace_name(redacted, pattern, replacement)
            return value if redacted == value else _REPEATED.sub(REDACTED_NAME, redacted)
        if isinstance(value, Mapping):
            return {
                self.redact(key, is_part=True): self.redact(inner, is_part=True)
                for key, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.redact(inner, is_part=True) for inner in value]
        return value

    def excerpt(self, value: Any, around: int = 80) -> str:
        """The first text that names the person, shortened around the name."""
        for text, is_part in _iterate_texts(value):
            if match := self._find_name(text, is_part):
                begin, end = max(0, match.start() - around), match.end() + around
                return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
        return ""


def narrow_patterns_to_words(patterns: NamePatterns, words: Iterable[str] = ()) -> NamePatterns:
    """The same patterns with these words alone, and no others."""
    return NamePatterns(replace(patterns.identity, alone=frozenset(words)))


def build_name_patterns(identity: IdentityToErase) -> NamePatterns:
    return NamePatterns(identity)


def _iterate_sign_in_abbreviations(identity: IdentityToErase) -> Iterator[str]:
    """A word that is sought alone, with the initials of the others: “zquenneville”, “quennevillez”."""
    for words in map(fold_name_words, identity.names):
        for at, word in enumerate(words):
            if word in identity.alone:
                others = "".join(other[0] for other in words[:at] + words[at + 1 :])
                for initials in (others, others[:1]):
                    yield from (initials + word, word + initials)


def _build_name_pattern(words: Iterable[str]) -> str:
    between = f"({_BETWEEN})"
    return (
        _BEGIN
        + between.join(word.replace("oe", "(?:oe|œ)").replace("ae", "(?:ae|æ)") for word in words)
        + _END
    )


def _compile_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _replace_name(text: str, pattern: re.Pattern[str], replacement: str) -> str:
    for match in reversed(list(pattern.finditer(without_accents(text)))):
        between, end = match.groups(), match.end()
        if between and "(" in between[-1] and text.startswith(")", end):  # “Ada (Lovelace)”
            between, end = (*between[:-1], between[-1].replace("(", "")), end + 1
        text = text[: match.start()] + _add_markup_to_replacement(replacement, between) + text[end:]
    return text


def _add_markup_to_replacement(replacement: str, between: tuple[str, ...]) -> str:
    """The replacement of a name with the markup that stood between its words: “**Ada** Lovelace”."""
    marks = between[0] + "".join(part.strip() for part in between[1:]) if between else ""
    return replacement.replace(" ", marks) if _MARKUP.search(marks) else replacement


def _iterate_texts(value: Any, is_part: bool = False) -> Iterator[tuple[str, bool]]:
    """The texts in a value, and whether each is a part of JSON."""
    if isinstance(value, str):
        yield value, is_part
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from (*_iterate_texts(key, True), *_iterate_texts(inner, True))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _iterate_texts(inner, True)


def without_accents(text: str) -> str:
    """A text of the same length whose letters have no accent."""
    return text if text.isascii() else "".join(map(_plain_letter, text))


def _plain_letter(char: str) -> str:
    base = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    return base[0] if len(base) == 1 else char
