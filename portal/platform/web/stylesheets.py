"""Style sheets as they are served: joined, without rules of classes that nothing uses, icons inlined.

DSFR styles every component in every state; our pages use two fifths of it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_CLASS = re.compile(r"\bfr-[a-zA-Z0-9_-]*")
_CLASS_SELECTOR = re.compile(r"\.(fr-[a-zA-Z0-9_-]+)")
_NEGATION = re.compile(r":not\([^)]*\)")
_WORD = re.compile(r"[a-z][a-zA-Z0-9_-]*")
_PROPERTY = re.compile(r"(?<=[{;])(--[a-zA-Z0-9-]+):[^;{}]*(?:;|(?=}))")
_REFERENCE = re.compile(r"var\((--[a-zA-Z0-9-]+)")
_GROUPS = ("@media", "@supports")


@dataclass(frozen=True)
class ClassUse:
    """Which classes of DSFR are used: `words` stand in templates and code, a word that ends in a
    hyphen begins several; `script_words` stand in DSFR's script, which adds states of a component."""

    words: frozenset[str]
    prefixes: tuple[str, ...]
    script_words: frozenset[str]

    def has(self, name: str) -> bool:
        """Whether a class may occur on a page."""
        if name in self.words or name.startswith(self.prefixes):
            return True
        block = re.split(r"__|--", name)[0]
        return block in self.words and name.removeprefix("fr-") in self.script_words


def read_class_use(texts: Iterable[str], script: str) -> ClassUse:
    """The classes named by texts of templates and code, and the words of DSFR's script."""
    words = {word for text in texts for word in _CLASS.findall(text)} - {"fr-"}
    prefixes = tuple(sorted(word for word in words if word.endswith(("-", "_"))))
    return ClassUse(frozenset(words), prefixes, frozenset(_WORD.findall(script)))


def drop_unused_rules(css: str, use: ClassUse) -> str:
    """Keep the rules of a minified style sheet whose classes are used."""
    return "".join(_trim_rule(selector, body, use) for selector, body in _split_rules(css))


def _trim_rule(selector: str, body: str, use: ClassUse) -> str:
    if selector.startswith(_GROUPS):
        inner = drop_unused_rules(body, use)
        return f"{selector}{{{inner}}}" if inner else ""
    if selector.startswith("@"):
        return f"{selector}{{{body}}}"
    used = [each for each in _split_selectors(selector) if _is_selector_used(each, use)]
    return f"{','.join(used)}{{{body}}}" if used else ""


def _is_selector_used(selector: str, use: ClassUse) -> bool:
    return all(use.has(name) for name in _CLASS_SELECTOR.findall(_NEGATION.sub("", selector)))


def _split_rules(css: str) -> Iterable[tuple[str, str]]:
    """Selectors (or the head of a group) and bodies. A minified sheet holds no brace in a string."""
    start, depth, opened = 0, 0, 0
    for match in re.finditer(r"[{}]", css):
        if match.group() == "{":
            depth += 1
            opened = match.start() if depth == 1 else opened
            continue
        depth -= 1
        if depth == 0:
            yield css[start:opened].strip(), css[opened + 1 : match.start()]
            start = match.end()


def _split_selectors(selector: str) -> Iterable[str]:
    start = depth = 0
    for index, char in enumerate(selector):
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            yield selector[start:index]
            start = index + 1
    yield selector[start:]


def drop_unused_properties(css: str, other_sheets: Iterable[str]) -> str:
    """Remove custom properties that no rule reads, here or in the other sheets."""
    elsewhere = {name for sheet in other_sheets for name in _REFERENCE.findall(sheet)}
    shorter = _drop_unread_properties(css, elsewhere)
    while shorter != css:  # those that only a dropped one read go next
        css, shorter = shorter, _drop_unread_properties(shorter, elsewhere)
    return css


def _drop_unread_properties(css: str, elsewhere: set[str]) -> str:
    read = elsewhere | set(_REFERENCE.findall(css))
    return _PROPERTY.sub(lambda match: match[0] if match[1] in read else "", css)


def build_icon_data_url(path: Path) -> str:
    """The `data:` address of an SVG, shorter than base64 once compressed."""
    text = " ".join(path.read_text("utf-8").split())
    return "data:image/svg+xml," + quote(text.replace('"', "'"), safe=" '=:/,;()-.")
