"""The page of a search: pages, teams and people to go to, then the texts that have the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.app.search import queries
from portal.app.search.pages import find_pages
from portal.collaboration.search.extract_rules import Segment, extract, mark
from portal.collaboration.search.queries import SearchFilters, SearchOrder, search
from portal.collaboration.search.search import SearchHit, SearchSource
from portal.people.programmes.policy import ROLE_LABELS
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.actor import get_actor
from portal.platform.web.form_page import requested_page
from portal.platform.web.rendering import render
from portal.project.projects.queries import find_current_project

bp = Blueprint("search", __name__)

PER_PAGE = 20
QUERY_MAX = 200  # characters
WORDS_MAX = 8


FIRST_PLACES = 5  # pages, teams and people above the texts


class SearchKind(StrEnum):
    PAGE = "page"
    TEAM = "team"
    PERSON = "person"


KINDS: dict[SearchKind, tuple[LazyString, LazyString]] = {
    SearchKind.PAGE: (_l("Page"), _l("Pages")),
    SearchKind.TEAM: (_l("Équipe"), _l("Équipes")),
    SearchKind.PERSON: (_l("Personne"), _l("Personnes")),
}


@dataclass(frozen=True)
class SearchResult:
    """A line of the results: a link, and what tells it from another of the same name."""

    kind: SearchKind
    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class TextResult:
    """A text that was found: what it is, where it stands, and the words around those searched for."""

    label: LazyString
    hit: SearchHit
    title: Sequence[Segment]
    extract: Sequence[Segment]


@bp.get("/search")
def index() -> Response:
    actor, query = get_actor(), request.args.get("q", "")[:QUERY_MAX].strip()
    words = query.split()[:WORDS_MAX]
    places = _search(actor, words) if words else []
    kind_name = request.args.get("kind", "")
    kind = SearchKind(kind_name) if kind_name in set(SearchKind) else None
    sources = {source.kind: source.label for source in contributed(SearchSource)}
    filters = SearchFilters(
        q=query,
        kind=kind_name if kind_name in sources else "",
        order=_requested_order(),
        page=requested_page(),
    )
    results = search(actor, filters)
    here: dict[str, Any] = {"q": query, "project": request.args.get("project") or None}
    order = None if filters.order is SearchOrder.RELEVANCE else filters.order.value
    listed = [place for place in places if place.kind is kind] if kind else places[:FIRST_PLACES]
    pages = max(1, -(-len(listed) // PER_PAGE)) if kind else results.page_count
    page = min(filters.page, pages)
    return render(
        "app/search/index.html",
        query=query,
        total=len(places) + sum(results.counts.values()),
        is_capped=results.is_capped,
        places=listed[(page - 1) * PER_PAGE : page * PER_PAGE] if kind else listed,
        shows_places=kind is not None or (not filters.kind and page == 1),
        texts=[] if kind else [_text_result(filters, *pair) for pair in results.hits],
        near_words=results.near_words,
        kind=kind_name if kind or filters.kind else "",
        counts={
            **{each.value: sum(place.kind is each for place in places) for each in SearchKind},
            **results.counts,
        },
        kinds={**{each.value: labels[1] for each, labels in KINDS.items()}, **sources},
        place_labels=KINDS,
        order=filters.order,
        page=page,
        pages=pages,
        here=here,
        page_url=lambda number: url_for(".index", **here, kind=kind_name or None, order=order, page=number),
    )


def _requested_order() -> SearchOrder:
    is_newest = request.args.get("order") == SearchOrder.NEWEST.value
    return SearchOrder.NEWEST if is_newest else SearchOrder.RELEVANCE


def _text_result(filters: SearchFilters, source: SearchSource, hit: SearchHit) -> TextResult:
    return TextResult(
        source.label,
        hit,
        mark(hit.title, filters.words),
        extract(hit.text, filters.words) if hit.text else (),
    )


def _search(actor: Actor, words: Sequence[str]) -> Sequence[SearchResult]:
    project = find_current_project(actor, request.args.get("project") or None)
    return [
        *(SearchResult(SearchKind.PAGE, link.label, link.url) for link in find_pages(actor, project, words)),
        *(_team_result(team) for team in queries.find_teams(actor, words)),
        *_people_results(queries.find_roles(actor, words)),
    ]


def _team_result(team: queries.TeamMatch) -> SearchResult:
    portfolio = url_for("portfolio.index", programme=team.programme)
    url = url_for("projects.page", slug=team.slug) if team.is_open else portfolio
    return SearchResult(SearchKind.TEAM, team.name, url, team.title)


def _people_results(roles: Sequence[queries.RoleMatch]) -> Sequence[SearchResult]:
    """One line a person, with what they are where; it leads to the first of those places."""
    results = []
    for _person_id, group in groupby(roles, key=attrgetter("person_id")):
        own_roles = list(group)
        named = [f"{ROLE_LABELS[each.role]}, {each.place}" for each in own_roles if each.role]
        first = own_roles[0]
        results.append(
            SearchResult(SearchKind.PERSON, first.person_name, _person_url(first), " · ".join(named))
        )
    return results


def _person_url(match: queries.RoleMatch) -> str:
    if match.project:
        return url_for("team.index", slug=match.project)
    if match.programme:
        return url_for("programmes.page", slug=match.programme)
    return url_for("directory.page", person_id=match.person_id)
