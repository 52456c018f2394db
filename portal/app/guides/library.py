"""The guides of roles as files of `docs/`, cut into sections at their second headings.

They are parsed once a process, when the first of them is read. They are written in French.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice, takewhile
from pathlib import Path
from urllib.parse import unquote

from markdown_it.token import Token
from markupsafe import Markup

from portal.app.home.policy import WorkplaceKind
from portal.collaboration.search.query_rules import QueryTerm, WordQuery, join_folded_words
from portal.collaboration.search.word_rules import fold_words, stems_of
from portal.platform.web.template_filters import make_markdown_parser, sanitise_document_html
from portal.platform.web.urls import path_to

FOLDER = Path(__file__).resolve().parents[3] / "docs"
GUIDES: Mapping[str, WorkplaceKind | None] = {  # by file name, and where its readers work
    "agents": WorkplaceKind.TEAM,
    "coachs": WorkplaceKind.COACH,
    "relecture": WorkplaceKind.REVIEWER,
    "direction": WorkplaceKind.LEAD,
    "jury": WorkplaceKind.JUROR,
    "operateur": WorkplaceKind.OPERATOR,
    "administration": WorkplaceKind.ADMINISTRATOR,
    "figures": None,
}
_LINK = re.compile(r"(?P<guide>[a-z-]+)\.md(#(?P<anchor>.+))?|#(?P<own>.+)")
_PUNCTUATION = re.compile(r"[^\w\- ]")
_PARSER = make_markdown_parser(is_document=True)


@dataclass(frozen=True)
class GuideSection:
    """A section of a guide. `anchor` is that of its heading in the file, "" for what stands before
    the first one."""

    guide: str
    guide_title: str
    anchor: str
    title: str
    tokens: Sequence[Token]

    @property
    def path(self) -> str:
        return path_to("guides.page", guide=self.guide, anchor=self.anchor or None)

    @cached_property
    def html(self) -> Markup:
        """The section without its heading; its own headings begin at the second level."""
        return sanitise_document_html(_PARSER.renderer.render(self.tokens, _PARSER.options, {}))

    @cached_property
    def text(self) -> str:
        return " ".join(token.content for token in self.tokens if token.type in ("inline", "fence"))

    @cached_property
    def lines(self) -> Sequence[str]:
        """Its title and its text, in which phrases are looked for."""
        return join_folded_words(self.title), join_folded_words(self.text)


@dataclass(frozen=True)
class Guide:
    """A guide with its sections; the first is what stands before the second heading."""

    key: str
    title: str
    sections: Mapping[str, GuideSection]


@cache
def list_guides() -> Sequence[Guide]:
    return [_read_guide(key) for key in GUIDES]


def find_sections(query: WordQuery) -> Sequence[GuideSection]:
    """The sections that have all words of a query, in the singular or plural, those with one in their
    title first."""
    if query.is_empty:
        return []
    sections, index = _index_sections()
    matches = set(range(len(sections)))
    for term in query.required:
        matches &= _find_section_indexes(term, index)
    for term in query.excluded:
        matches -= _find_exact_matches(term, index)
    titles = {word for term in query.required for word in term.words}
    ranked = sorted(matches, key=lambda at: (titles.isdisjoint(fold_words(sections[at].title)), at))
    return [sections[at] for at in ranked]


@cache
def _index_sections() -> tuple[Sequence[GuideSection], Mapping[str, set[int]]]:
    """All sections, and where each word or its stem (after a mark) stands."""
    sections = [section for guide in list_guides() for section in guide.sections.values()]
    index: dict[str, set[int]] = defaultdict(set)
    for at, section in enumerate(sections):
        for word in set(fold_words(f"{section.title} {section.text}")):
            for form in (word, *(f"~{stem}" for stem in stems_of(word))):
                index[form].add(at)
    return sections, index


@cache
def _list_indexed_words() -> Sequence[str]:
    return sorted(_index_sections()[1])


def _find_section_indexes(term: QueryTerm, index: Mapping[str, set[int]]) -> set[int]:
    """Where a phrase, a word, its stem or what it begins stands."""
    if term.is_phrase:
        return _find_exact_matches(term, index)
    (word,) = term.words
    matches = set(index.get(word, ()))
    for stem in stems_of(word):
        matches |= index.get(f"~{stem}", set())
    if term.is_prefix:
        forms = _list_indexed_words()
        following = islice(forms, bisect_left(forms, word), None)
        matches = matches.union(*(index[form] for form in takewhile(lambda f: f.startswith(word), following)))
    return matches


def _find_exact_matches(term: QueryTerm, index: Mapping[str, set[int]]) -> set[int]:
    """Where the words of a term stand in a row, as they were typed."""
    candidates = set.intersection(*(index.get(word, set()) for word in term.words))
    if not term.is_phrase:
        return candidates
    sections, _index = _index_sections()
    return {at for at in candidates if any(map(term.is_in, sections[at].lines))}


def _read_guide(key: str) -> Guide:
    tokens = _PARSER.parse((FOLDER / f"{key}.md").read_text(encoding="utf-8"))
    starts = [
        at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag in ("h1", "h2")
    ]
    guide_title = tokens[starts[0] + 1].content
    sections = {}
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        title = tokens[start + 1].content
        anchor = "" if tokens[start].tag == "h1" else heading_anchor(title)
        body = [_adapt_heading_or_link(token, key) for token in tokens[start + 3 : end]]
        sections[anchor] = GuideSection(key, guide_title, anchor, title, body)
    return Guide(key, guide_title, sections)


def heading_anchor(title: str) -> str:
    """The anchor of a heading, as forges that show the file make it."""
    return _PUNCTUATION.sub("", title.lower()).replace(" ", "-")


def _adapt_heading_or_link(token: Token, guide: str) -> Token:
    """A heading one level up; a link to another guide leads to its page, to another file nowhere."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{int(token.tag[1]) - 1}"
    token.children = _adapt_links(token.children, guide) if token.children else token.children
    return token


def _adapt_links(tokens: Sequence[Token], guide: str) -> list[Token]:
    adapted: list[Token] = []
    is_kept = True
    for token in tokens:
        if token.type == "link_open":
            href = _find_page_of_link(str(token.attrs["href"]), guide)
            token.attrs["href"] = href
            is_kept = bool(href)
        if is_kept or token.type not in ("link_open", "link_close"):
            adapted.append(token)
    return adapted


def _find_page_of_link(href: str, guide: str) -> str:
    """Where a link of a file leads in the portal, "" where the portal does not show it."""
    link = _LINK.fullmatch(unquote(href))
    if link is None:
        return href if href.startswith("https://") else ""
    key = link["guide"] or guide
    anchor = link["anchor"] or link["own"]
    return path_to("guides.page", guide=key, anchor=anchor or None) if key in GUIDES else ""
