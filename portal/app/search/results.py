"""What a search shows: places to go to, and texts with their words marked."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby, islice
from operator import attrgetter

from portal.app.guides.library import find_sections
from portal.app.search import queries
from portal.app.search.acts import find_action_links
from portal.app.search.numbers import find_numbered_matches
from portal.app.search.pages import find_pages
from portal.app.search.words import name_matches_query
from portal.collaboration.search.extract_rules import ExtractSegment, Matcher, cut_extract, mark_matches
from portal.collaboration.search.near_queries import (
    NEAR_TEXTS,
    NEAR_WORDS,
    near_word_prefix,
    pick_nearest_words,
    spell_as_in_text,
)
from portal.collaboration.search.query_rules import QueryTerm, WordQuery, parse_query
from portal.collaboration.search.search import SearchHit, SearchSource
from portal.collaboration.search.word_rules import fold_text, fold_words, replace_word
from portal.people.programmes.policy import ROLE_LABELS
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.urls import path_to
from portal.project.projects.models import Project

SUGGESTIONS_MAX = 10
OF_A_KIND = 4  # suggestions of one kind, but for things of one number, which several teams have
NEAR_TRIED = 4  # of the queries with a near word
NEAR_TERMS = 4  # words for which near ones are looked for among names
QUERY_MIN = 2  # characters for which places are suggested


class DestinationKind(StrEnum):
    NUMBER = "number"
    ACT = "act"
    PAGE = "page"
    TEAM = "team"
    PERSON = "person"
    GUIDE = "guide"


PLACE_LABELS: dict[DestinationKind, tuple[LazyString, LazyString]] = {
    DestinationKind.NUMBER: (_l("Numéro"), _l("Numéros")),
    DestinationKind.ACT: (_l("Agir"), _l("Agir")),
    DestinationKind.PAGE: (_l("Page"), _l("Pages")),
    DestinationKind.TEAM: (_l("Équipe"), _l("Équipes")),
    DestinationKind.PERSON: (_l("Personne"), _l("Personnes")),
    DestinationKind.GUIDE: (_l("Guide"), _l("Guides")),
}


@dataclass(frozen=True)
class DestinationResult:
    """Something to go to or to do: a link, and what tells it from another of the same name."""

    kind: DestinationKind
    label: str
    url: str
    detail: str = ""
    is_named: bool = True  # by the words: a section of a guide may have them in its text alone
    extract: Sequence[ExtractSegment] = ()  # of a guide, where the page shows it
    text: str = field(default="", repr=False)  # which the extract is cut from

    @property
    def kind_label(self) -> LazyString:
        return PLACE_LABELS[self.kind][0]


@dataclass(frozen=True)
class TextResult:
    """A text that was found: what it is, where it stands, and the words around those searched for."""

    label: LazyString
    hit: SearchHit
    title: Sequence[ExtractSegment]
    extract: Sequence[ExtractSegment]


@dataclass(frozen=True)
class TermResultCount:
    """How many results a word or a phrase has alone: so many, or more where `is_least`."""

    term: str
    count: int
    is_least: bool


def count_results_of_each_term(
    actor: Actor, project: Project | None, term_counts: Sequence[tuple[str, int]]
) -> Sequence[TermResultCount]:
    """What a search for each term alone finds, as its page counts it: in texts, of which the caller
    knows, and places."""
    counts = [(term, count, len(find_destinations(actor, project, term))) for term, count in term_counts]
    return [TermResultCount(term, texts + places, texts >= NEAR_TEXTS) for term, texts, places in counts]


def find_destinations(
    actor: Actor, project: Project | None, query: str, most: int = queries.MATCHES_MAX
) -> Sequence[DestinationResult]:
    """Things by number, acts, pages, teams (at most so many) and people whose names have all words of
    what was typed, and sections of guides whose text has; each address once; several people stand on
    one page. Nothing for single letters."""
    words = parse_query(query)
    if words.is_empty or words.is_short:
        return []
    first: dict[tuple[str, str], DestinationResult] = {}
    for place in _iterate_destinations(actor, project, words, most):
        first.setdefault((place.url, place.label if place.kind is DestinationKind.PERSON else ""), place)
    return list(first.values())


def _iterate_destinations(
    actor: Actor, project: Project | None, query: WordQuery, most: int
) -> Iterator[DestinationResult]:
    for match in find_numbered_matches(actor, project, query):
        yield DestinationResult(DestinationKind.NUMBER, match.label, match.url, match.detail)
    for link in find_action_links(actor, project, query):
        yield DestinationResult(DestinationKind.ACT, link.label, link.url)
    for link, detail in find_pages(actor, project, query):
        yield DestinationResult(DestinationKind.PAGE, link.label, link.url, detail)
    for team in queries.find_teams(actor, query, most):
        yield _team_result(team)
    yield from _people_results(queries.find_roles_of_named_people(actor, query))
    for section in find_sections(query):
        is_titled = name_matches_query(section.title, query)
        about = section.title, section.path, section.guide_title
        yield DestinationResult(DestinationKind.GUIDE, *about, is_named=is_titled, text=section.text)


def list_near_queries(
    actor: Actor,
    project: Project | None,
    typed: str,
    near_words: Mapping[str, str],
    text_terms: Collection[str] | None,
    *,
    finds: Callable[[str], bool],
) -> Sequence[str]:
    """What was typed, with one word that nothing has replaced by a near one, of texts (`near_words`,
    each with what was typed) and of names and guides; each once, in whatever case, if it `finds`
    something. `text_terms` are terms that texts have; names are left out without."""
    words = {word for term in text_terms or () for word in fold_words(term)}
    names = {} if text_terms is None else _map_near_words_of_names(actor, project, typed, words)
    by_folded: dict[str, str] = {}
    for word, former in {**near_words, **names}.items():
        by_folded.setdefault(fold_text(word), replace_word(typed, former, word))
    return list(islice(filter(finds, list(by_folded.values())[:NEAR_TRIED]), NEAR_WORDS))


def _map_near_words_of_names(
    actor: Actor, project: Project | None, query: str, text_terms: Collection[str]
) -> Mapping[str, str]:
    """Words near to those typed that texts do not have (`text_terms`), as the names of places and the
    sections of guides write them, each with the folded word that was typed."""
    near: dict[str, str] = {}
    for word in parse_query(query).words[:NEAR_TERMS]:
        if word in text_terms:
            continue
        prefix = near_word_prefix(word)
        texts = list(
            _iterate_destination_and_guide_texts(
                actor, project, WordQuery((QueryTerm((prefix,), is_prefix=True),))
            )
        )
        text_by_word = {each: text for text in texts for each in fold_words(text)}
        others = [each for each in text_by_word if each.isalpha() and each.startswith(prefix)]
        picked = () if word in text_by_word else pick_nearest_words(word, others)
        near |= {spell_as_in_text(each, text_by_word[each]) or each: word for each in picked}
    return near


def _iterate_destination_and_guide_texts(
    actor: Actor, project: Project | None, query: WordQuery
) -> Iterator[str]:
    for place in _iterate_destinations(actor, project, query, queries.MATCHES_MAX):
        yield place.label
        if place.kind is DestinationKind.TEAM:
            yield place.detail
    for section in find_sections(query):
        yield section.text


def suggest_destinations(actor: Actor, project: Project | None, query: str) -> Sequence[DestinationResult]:
    """The first of these that the words name, a few of each kind."""
    places = find_destinations(actor, project, query, OF_A_KIND) if len(query) >= QUERY_MIN else ()
    suggestions = []
    counts: Counter[DestinationKind] = Counter()
    for place in filter(attrgetter("is_named"), places):
        counts[place.kind] += 1
        if place.kind is DestinationKind.NUMBER or counts[place.kind] <= OF_A_KIND:
            suggestions.append(place)
    return suggestions[:SUGGESTIONS_MAX]


def add_destination_extract(matches: Matcher, place: DestinationResult) -> DestinationResult:
    """A place as the page lists it: with an extract of its text, if it has one."""
    return replace(place, extract=cut_extract(place.text, matches)) if place.text else place


def build_text_result(matches: Matcher, source: SearchSource, hit: SearchHit, place: str) -> TextResult:
    """A hit as the page lists it; `place` is where it stands, if its feature does not know."""
    hit = replace(hit, place=hit.place or place)
    return TextResult(
        source.name(),
        hit,
        mark_matches(hit.title, matches),
        cut_extract(hit.text, matches, title=hit.title),  # which is read above it
    )


def _team_result(team: queries.TeamMatch) -> DestinationResult:
    if team.is_open:
        url = path_to("projects.page", slug=team.slug)
    else:
        url = path_to("portfolio.index", programme=team.programme, open=team.slug)
    return DestinationResult(DestinationKind.TEAM, team.name, url, team.title)


def _people_results(roles: Sequence[queries.RoleMatch]) -> Sequence[DestinationResult]:
    """One line a person, with what they are where; it leads to the first of those places."""
    results = []
    for _person_id, group in groupby(roles, key=attrgetter("person_id")):
        own_roles = list(group)
        named = [f"{ROLE_LABELS[each.role]}, {each.place}" for each in own_roles if each.role]
        first = own_roles[0]
        results.append(
            DestinationResult(
                DestinationKind.PERSON, first.person_name, _person_url(first), " · ".join(named)
            )
        )
    return results


def _person_url(match: queries.RoleMatch) -> str:
    if match.project:
        return f"{path_to('team.index', slug=match.project)}#role-{match.role_id}"
    if match.programme:
        return path_to("programmes.page", slug=match.programme)
    return path_to("directory.page", person_id=match.person_id)
