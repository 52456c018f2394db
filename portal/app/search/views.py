"""The page of a search: pages, teams and people to go to, then the texts that have the words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response

from portal.app.search import queries
from portal.app.search.files import UnsearchedFile, list_unsearched_files
from portal.app.search.filters import SearchPageRequest, explain_unsearchable, read_search_request
from portal.app.search.results import (
    PLACE_LABELS,
    DestinationKind,
    DestinationResult,
    TermResultCount,
    TextResult,
    add_destination_extract,
    build_text_result,
    count_results_of_each_term,
    find_destinations,
    list_near_queries,
    suggest_destinations,
)
from portal.app.search.words import title_matches_query
from portal.collaboration.search.extract_rules import create_matcher
from portal.collaboration.search.queries import (
    SearchFilters,
    SearchOrder,
    SearchResults,
    has_results,
    newest_entry_id,
    search,
)
from portal.collaboration.search.search import SearchSource
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import get_actor
from portal.platform.web.page_shell import disable_shell_context
from portal.platform.web.rendering import render, wants_fragment
from portal.project.projects.queries import find_project_by_slug_or_only_project

bp = Blueprint("search", __name__)

PER_PAGE = 20
FIRST_PLACES = 5  # pages, teams and people above the texts
ORDER_LABELS = {
    SearchOrder.RELEVANCE.value: _l("Les plus proches"),
    SearchOrder.NEWEST.value: _l("Les plus récents"),
}


@dataclass(frozen=True)
class SearchAnswer:
    """What a person finds: the same until the trail or the index grows."""

    places: Sequence[DestinationResult]
    listed: Sequence[DestinationResult]  # of these, on the page
    pages: int
    results: SearchResults
    tallies: Sequence[TermResultCount]  # where nothing was found
    near_queries: Sequence[str]
    texts: Sequence[TextResult]
    teams: Sequence[queries.FilterOption]
    authors: Sequence[queries.FilterOption]
    unread_files: tuple[Sequence[UnsearchedFile], bool]


@bp.get("/search")
def index() -> Response:
    actor = get_actor()
    sources = {source.kind: source for source in list_contributions(SearchSource)}
    address = read_search_request({*sources, *DestinationKind})
    filters = address.filters(sources)
    key = ("search", actor.person_id, address, address.page, newest_entry_id())
    answer = cache_until_change(actor, key, lambda: _build_search_answer(actor, address, filters))
    places, results = answer.places, answer.results
    counts = [
        *_count_destinations_by_kind(places),
        *(
            (kind, source.name(results.counts.get(kind, 0)), results.counts.get(kind, 0))
            for kind, source in sources.items()
        ),
    ]
    count_by_kind = {kind: count for kind, _label, count in counts}
    return render(
        "app/search/index.html",
        address=address,
        total=sum(count_by_kind.values()),
        count=count_by_kind[address.kind] if address.kind else sum(count_by_kind.values()),
        results=results,
        kind_label=next((label for kind, label, _count in counts if kind == address.kind), ""),
        places=answer.listed,
        others=[] if address.kind or address.page > 1 else _list_partly_listed_kinds(places, answer.listed),
        texts=answer.texts,
        tallies=answer.tallies,
        near_queries=answer.near_queries,
        unread_files=answer.unread_files,
        counts=sorted(counts, key=lambda line: line[0] != address.kind),  # the chosen one is in sight
        teams=answer.teams,
        authors=answer.authors,
        orders=_list_order_choices(address),
        options=_list_filter_choices,
        unsearchable=explain_unsearchable(filters),
        page=address.page,
        pages=answer.pages,
    )


def _build_search_answer(actor: Actor, address: SearchPageRequest, filters: SearchFilters) -> SearchAnswer:
    project = find_project_by_slug_or_only_project(actor, address.project)
    results = search(actor, filters)
    is_of_places = address.kind in set(DestinationKind)
    matches = create_matcher(filters.words.widened if results.is_widened else filters.words)
    names = queries.read_scope_names({hit.scope_id for _source, hit in results.hits if hit.scope_id})
    places = () if address.narrowing else find_destinations(actor, project, address.q)
    is_of_nothing = not (places or results.counts or filters.words.is_short)
    is_unnarrowed = is_of_nothing and not address.narrowing
    text_terms = [term for term, count in results.term_counts if count] if is_unnarrowed else None
    hits = results.hits
    if address.order is SearchOrder.RELEVANCE:
        hits = sorted(
            hits, key=lambda pair: not title_matches_query(f"{pair[0].name()} {pair[1].title}", filters.words)
        )
    listed, pages = _select_page_destinations_and_page_count(address, places, results)

    is_told = is_of_nothing and (len(results.term_counts) > 1 or address.narrowing)

    def finds(words: str) -> bool:
        if has_results(actor, replace(filters, q=words)):
            return True
        return not address.narrowing and bool(find_destinations(actor, project, words))

    return SearchAnswer(
        places=places,
        listed=[add_destination_extract(matches, place) for place in listed],
        pages=pages,
        results=replace(results, hits=()),
        tallies=count_results_of_each_term(actor, project, results.term_counts) if is_told else (),
        near_queries=list_near_queries(
            actor, project, address.q, results.near_words, text_terms, finds=finds
        ),
        texts=[]
        if is_of_places
        else [
            build_text_result(matches, source, hit, names.get(hit.scope_id, "") if hit.scope_id else "")
            for source, hit in hits
        ],
        teams=queries.list_team_options(results.count_by_scope),
        authors=queries.list_author_options(results.count_by_author),
        unread_files=list_unsearched_files(actor, address.kind, filters.scope_id)
        if is_of_nothing
        else ((), False),
    )


@bp.get("/go-to")
def go_to() -> Response:
    """Where the words typed into the header's field lead; for htmx, as a list to choose from."""
    actor, address = get_actor(), read_search_request(())
    project = find_project_by_slug_or_only_project(actor, address.project)
    if wants_fragment():
        disable_shell_context()  # its menu counts what waits, at each change anew
    return render(
        "app/search/go_to.html",
        fragment="suggestions",
        address=address,
        suggestions=suggest_destinations(actor, project, address.q),
        suggests=wants_fragment(),
    )


@bp.get("/shortcuts")
def keyboard_shortcuts() -> Response:
    """The keys that the pages listen to; for htmx, the content of a dialog."""
    return render("app/search/shortcuts.html", fragment="shortcuts", is_fragment=wants_fragment())


def _list_order_choices(address: SearchPageRequest) -> Sequence[tuple[str, object]]:
    """Those to choose from, and what was typed for one."""
    typed = address.unknown_order
    return [*ORDER_LABELS.items(), *([(typed, typed)] if typed else [])]


def _list_filter_choices(options: Sequence[queries.FilterOption], current: str) -> Sequence[tuple[str, str]]:
    """Of a list to choose from: the current one stays, also where it leaves nothing."""
    listed = [(option.value, f"{option.name} ({option.count})") for option in options]
    return listed if not current or current in dict(listed) else [*listed, (current, current)]


def _count_destinations_by_kind(places: Sequence[DestinationResult]) -> Sequence[tuple[str, object, int]]:
    return [
        (kind.value, labels[0] if count == 1 else labels[1], count)
        for kind, labels in PLACE_LABELS.items()
        for count in [sum(place.kind is kind for place in places)]
    ]


def _list_partly_listed_kinds(
    places: Sequence[DestinationResult], listed: Sequence[DestinationResult]
) -> Sequence[tuple[str, object, int, int]]:
    """Kinds of which not all places are listed: how many are, of how many."""
    shown = {kind: count for kind, _label, count in _count_destinations_by_kind(listed)}
    return [
        (kind, label, shown[kind], count)
        for kind, label, count in _count_destinations_by_kind(places)
        if shown[kind] < count
    ]


def _select_page_destinations_and_page_count(
    address: SearchPageRequest, places: Sequence[DestinationResult], results: SearchResults
) -> tuple[Sequence[DestinationResult], int]:
    """The places that the page lists, and how many pages there are: the first ones stand above the
    first page of texts, all of a kind on its own pages."""
    if address.kind in set(DestinationKind):
        of_kind = [place for place in places if place.kind.value == address.kind]
        start = (address.page - 1) * PER_PAGE
        return of_kind[start : start + PER_PAGE], max(1, -(-len(of_kind) // PER_PAGE))
    if address.kind or address.page > 1:
        return (), results.page_count
    named_first = sorted(places, key=lambda place: not place.is_named)
    return named_first[:FIRST_PLACES], results.page_count
