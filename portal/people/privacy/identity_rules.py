"""Where a text names a person, and the same text without the name. Pure.

Full names, addresses and handles are recognised without case or accents; a family name alone only
with its capitals, since many are words of the language too.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from portal.platform.kernel.personal_data import Identity
from portal.platform.kernel.text import fold

FAMILY_NAME_MIN = 3  # letters: shorter ones are only found with the first name
REDACTED_NAME = "ancien membre"
ERASED_DOMAIN = "erased.invalid"  # RFC 2606: never an address


def erased_address(person_id: UUID) -> str:
    return f"{person_id.hex}@{ERASED_DOMAIN}"


def erased_handle(person_id: UUID) -> str:
    return f"ancien-membre-{person_id.hex[-12:]}"


@dataclass(frozen=True)
class NamePatterns:
    """The patterns of one person's names, addresses and handles."""

    identity: Identity

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """Plain texts of which one stands wherever the person is named, for a first look in SQL."""
        spelled = {self.identity.name, self.identity.email, self.identity.handle}
        if self._family_name:
            spelled.add(self._family_name)
        cased = {form for each in spelled for form in (each, each.lower(), each.upper(), fold(each))}
        escaped = {json.dumps(each)[1:-1] for each in cased}  # as JSON columns store them
        former = {needle for other in self._former for needle in other.needles}
        return tuple(sorted(cased | escaped | former))

    @cached_property
    def _former(self) -> Sequence["NamePatterns"]:
        return [patterns_of(other) for other in self.identity.former]

    @cached_property
    def _family_name(self) -> str:
        words = self.identity.name.split()
        return words[-1] if len(words) > 1 and len(words[-1]) >= FAMILY_NAME_MIN else ""

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Each pattern on a text without accents, with what replaces it."""
        who = self.identity
        words = [re.escape(_without_accents(word)) for word in who.name.split()]
        orders = {r"\s+".join(words), r"\s+".join(words[::-1])}
        handle, address = re.escape(who.handle), re.escape(who.email)
        any_case = re.IGNORECASE
        patterns = [
            (re.compile(rf"(?<![\w.+-]){address}(?!\w)", any_case), erased_address(who.person_id)),
            (re.compile(rf"(?<=@){handle}(?![\w-])", any_case), erased_handle(who.person_id)),
            *((re.compile(rf"\b{order}\b", any_case), REDACTED_NAME) for order in orders if words),
        ]
        if self._family_name:
            plain = _without_accents(self._family_name)
            alone = {re.escape(form) for form in (plain, plain.upper())}
            patterns.append((re.compile(rf"\b(?:{'|'.join(sorted(alone))})\b"), REDACTED_NAME))
        former = [pattern for other in self._former for pattern in other._patterns]
        return (*patterns, *former)

    def find_in(self, value: Any) -> bool:
        """Whether a text, or any text in a JSON value, names the person."""
        return any(
            pattern.search(_without_accents(text))
            for text in _texts_of(value)
            for pattern, _ in self._patterns
        )

    def redact(self, value: Any) -> Any:
        """The same text or JSON value without the name."""
        if isinstance(value, str):
            return self._redact_text(value)
        if isinstance(value, Mapping):
            return {self.redact(key): self.redact(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.redact(inner) for inner in value]
        return value

    def _redact_text(self, text: str) -> str:
        for pattern, replacement in self._patterns:
            for match in reversed(list(pattern.finditer(_without_accents(text)))):
                text = text[: match.start()] + replacement + text[match.end() :]
        return text

    def excerpt(self, value: Any, around: int = 80) -> str:
        """The first text that names the person, shortened around the name."""
        for text in _texts_of(value):
            for pattern, _ in self._patterns:
                if match := pattern.search(_without_accents(text)):
                    begin, end = max(0, match.start() - around), match.end() + around
                    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
        return ""


def patterns_of(identity: Identity) -> NamePatterns:
    return NamePatterns(replace(identity, name=" ".join(identity.name.split())))


def _texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from (*_texts_of(key), *_texts_of(inner))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts_of(inner)


def _without_accents(text: str) -> str:
    """A text of the same length whose letters have no accent."""
    return text if text.isascii() else "".join(map(_plain_letter, text))


def _plain_letter(char: str) -> str:
    base = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    return base[0] if len(base) == 1 else char
