"""Numbered things by what people call them: "sprint 9" here, "ddtm 34 sprint 9", "G6"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.app.search import queries
from portal.app.search.words import name_matches_query, names_meet_phrases_and_exclusions
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.query_rules import QueryTerm, WordQuery
from portal.collaboration.search.search import SearchHit, SearchSource
from portal.oversight.gates.definition_queries import list_definitions
from portal.oversight.gates.labels import name as name_gate
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.web.urls import path_to
from portal.project.projects import policy as projects
from portal.project.projects.models import Project

NUMBER_MAX = 9999
ROWS_MAX = 100  # rows of one number that are compared with the other words
_GATE = re.compile(r"g(\d{1,2})")
_GATES = frozenset(("jalon", "jalons", "gate", "gates"))
_OF_GATES = _GATES | {"decision", "decisions"}  # beside the number of a gate


@dataclass(frozen=True)
class NumberedMatch:
    """A numbered thing: its name, its page, its title and team."""

    label: str
    url: str
    detail: str


@dataclass(frozen=True)
class _NumberRequest:
    """What was typed: the kind, None for gates, a number, and the other words."""

    source: SearchSource | None
    number: int
    others: Sequence[str]

    @property
    def named(self) -> WordQuery:
        """What names must have beside the kind and the number."""
        return WordQuery(tuple(QueryTerm((word,)) for word in self.others))

    @property
    def is_of_programmes(self) -> bool:
        """Whether it names what a programme has, and not a team."""
        return self.source is not None and not hasattr(self.source.model, "page_path")


def find_numbered_matches(actor: Actor, project: Project | None, query: WordQuery) -> Sequence[NumberedMatch]:
    """The thing of that number in each team that is named, or else in the project of the page, or else
    in all that the actor reads, whose names have the other words: the first `ROWS_MAX` of these."""
    request = _parse_number_request(query)
    if request is None:
        return []
    find = (
        _find_number_in_programmes
        if request.is_of_programmes
        else partial(_find_number_in_teams, project=project)
    )
    matches = find(actor, request)
    excluding = replace(query, required=())
    return [
        match for match in matches if names_meet_phrases_and_exclusions(excluding, match.label, match.detail)
    ]


def _parse_number_request(query: WordQuery) -> _NumberRequest | None:
    words, sources = list(query.words), _map_sources_by_word()
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        if gate := _GATE.fullmatch(word):
            others = words[:place] + words[place + 1 :]
            return _NumberRequest(None, int(gate[1]), [each for each in others if each not in _OF_GATES])
        is_kind = word in _GATES or word in sources
        if is_kind and following.isdecimal() and int(following) <= NUMBER_MAX:
            others = words[:place] + words[place + 2 :]
            others = [each for each in others if each not in sources]
            return _NumberRequest(sources.get(word), int(following), others)
    return None


def _map_sources_by_word() -> Mapping[str, SearchSource]:
    """The kinds whose rows people call by their number, by each word for one."""
    return {
        word: source
        for source in list_contributions(SearchSource)
        if source.called
        for word in source.called[1].split()
    }


def _find_number_in_teams(
    actor: Actor, request: _NumberRequest, *, project: Project | None
) -> Sequence[NumberedMatch]:
    if request.others:
        teams = queries.find_readable_projects(actor, request.named)
    else:
        teams = [project] if project else []
    named = WordQuery() if teams else request.named
    if request.source is None:
        gates = _find_numbered_gates(teams or queries.list_readable_projects(actor, ROWS_MAX), request.number)
        return [gate for gate in gates if name_matches_query(gate.detail, named)]
    model: Any = request.source.model
    rows = select(model.id).join(Project, Project.id == model.project_id)
    own = Project.id.in_([team.id for team in teams]) if teams else projects.visible_to(actor)
    ids = rows.where(own, model.number == request.number).order_by(Project.organisation, Project.id)
    return [
        match
        for match in _build_row_matches(actor, request, ids.limit(ROWS_MAX))
        if name_matches_query(match.detail, named)
    ]


def _find_numbered_gates(teams: Sequence[Project], number: int) -> Sequence[NumberedMatch]:
    programme_ids = {team.programme_id for team in teams}
    definitions = {id_: list_definitions(id_) for id_ in programme_ids}
    return [
        NumberedMatch(
            f"G{number}",
            path_to("gates.page", slug=team.slug, gate=number),
            f"{name_gate(definition)} · {team.short_name}",
        )
        for team in teams
        for definition in definitions[team.programme_id]
        if definition.number == number
    ]


def _find_number_in_programmes(actor: Actor, request: _NumberRequest) -> Sequence[NumberedMatch]:
    """Those of that number in the programmes where the actor has a role, whose names have the other
    words too."""
    source = request.source
    model: Any = source.model if source else None
    ids = (
        select(model.id)
        .join(SearchEntry, SearchEntry.subject_id == model.id)
        .where(SearchEntry.scope_id.in_(actor.roles), model.number == request.number)
        .limit(ROWS_MAX)
    )
    return [
        match
        for match in _build_row_matches(actor, request, ids)
        if name_matches_query(match.detail, request.named)
    ]


def _build_row_matches(actor: Actor, request: _NumberRequest, ids: Select[UUID]) -> Sequence[NumberedMatch]:
    """Rows as the feature's own query shows them, which asks its policy."""
    source = request.source
    if source is None or source.called is None:
        return []
    label = f"{source.called[0]} {request.number}"
    ordered = db.session.scalars(ids).all()
    hits = source.find(actor, ordered)
    return [
        NumberedMatch(label, hits[id_].address, _describe_hit(hits[id_])) for id_ in ordered if id_ in hits
    ]


def _describe_hit(hit: SearchHit) -> str:
    return " · ".join(str(part) for part in (hit.title, hit.place, hit.state[0]) if part)
