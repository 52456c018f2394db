"""Numbered things by what people call them: "sprint 9" here, "ddtm 34 sprint 9", "G6"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.app.search import queries
from portal.app.search.words import admits
from portal.coaching.recommendations.models import Recommendation
from portal.coaching.sessions.models import CoachingSession
from portal.collaboration.search.query_rules import Term, WordQuery
from portal.collaboration.search.search import SearchSource
from portal.ethics.reviews.models import Review
from portal.ethics.risks.models import Risk
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.gates.definition_queries import list_definitions
from portal.oversight.gates.labels import name as name_gate
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import db
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.urls import path_to
from portal.project.data_sources.models import DataSource
from portal.project.projects.models import Numbered, Project
from portal.sprints.ceremonies.models import Demonstration, RetroAction
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.models import Finding
from portal.user_tests.rounds.models import TestRound

TEAMS_MAX = 5  # in which a number is looked for
NUMBER_MAX = 9999
_GATE = re.compile(r"g(\d{1,2})")
_GATES = frozenset(("jalon", "jalons", "gate", "gates"))
_KINDS: Sequence[tuple[type[Numbered], LazyString, str]] = (
    (Sprint, _l("Sprint"), "sprint sprints"),
    (TestRound, _l("Série de tests"), "serie series test tests round rounds"),
    (Finding, _l("Constat"), "constat constats finding findings"),
    (Review, _l("Revue"), "revue revues review reviews"),
    (Risk, _l("Risque"), "risque risques risk risks"),
    (Recommendation, _l("Recommandation"), "recommandation recommandations recommendation recommendations"),
    (AwaitedDecision, _l("Décision"), "decision decisions"),
    (PrototypeVersion, _l("Version"), "version versions"),
    (Demonstration, _l("Démonstration"), "demonstration demonstrations demo demos"),
    (RetroAction, _l("Action"), "action actions"),
    (CoachingSession, _l("Séance"), "seance seances session sessions"),
    (DataSource, _l("Source"), "source sources"),
)
_KIND_BY_WORD = {word: (model, label) for model, label, words in _KINDS for word in words.split()}


@dataclass(frozen=True)
class NumberedMatch:
    """A numbered thing: its name, its page, its title and team."""

    label: str
    url: str
    detail: str


@dataclass(frozen=True)
class _Request:
    """What was typed: a word, a number, and the words of a team."""

    word: str
    number: int
    team_words: Sequence[str]


def find_numbered(actor: Actor, project: Project | None, query: WordQuery) -> Sequence[NumberedMatch]:
    """The thing of that number in each team that is named, or else in the project of the page."""
    request = _read_request(query)
    if request is None:
        return []
    teams = _find_teams(actor, project, request.team_words)
    if request.word in _GATES:
        matches = [match for team in teams for match in _find_gate(team, request.number)]
    else:
        matches = list(_find_rows(actor, teams, request))
    excluding = replace(query, required=())
    return [match for match in matches if admits(excluding, match.label, match.detail)]


def _read_request(query: WordQuery) -> _Request | None:
    words = list(query.words)
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        if gate := _GATE.fullmatch(word):
            return _Request("gate", int(gate[1]), words[:place] + words[place + 1 :])
        is_kind = word in _GATES or word in _KIND_BY_WORD
        if is_kind and following.isdecimal() and int(following) <= NUMBER_MAX:
            others = words[:place] + words[place + 2 :]
            return _Request(word, int(following), [each for each in others if each not in _KIND_BY_WORD])
    return None


def _find_teams(actor: Actor, project: Project | None, words: Sequence[str]) -> Sequence[Project]:
    if not words:
        return [project] if project else []
    named = WordQuery(tuple(Term((word,)) for word in words))
    slugs = [team.slug for team in queries.find_teams(actor, named) if team.is_open][:TEAMS_MAX]
    by_slug = {each.slug: each for each in db.session.scalars(select(Project).where(Project.slug.in_(slugs)))}
    return [by_slug[slug] for slug in slugs]


def _find_gate(team: Project, number: int) -> Sequence[NumberedMatch]:
    return [
        NumberedMatch(
            f"G{number}",
            path_to("gates.page", slug=team.slug, gate=number),
            f"{name_gate(definition)} · {team.short_name}",
        )
        for definition in list_definitions(team.programme_id)
        if definition.number == number
    ]


def _find_rows(actor: Actor, teams: Sequence[Project], request: _Request) -> Sequence[NumberedMatch]:
    """As the feature's own query shows them, which asks its policy."""
    model, label = _KIND_BY_WORD[request.word]
    sources: Mapping[object, SearchSource] = {source.model: source for source in contributed(SearchSource)}
    ids = select(model.id).where(
        model.project_id.in_([team.id for team in teams]), model.number == request.number
    )
    hits = sources[model].find(actor, db.session.scalars(ids).all()) if teams else {}
    return [
        NumberedMatch(f"{label} {request.number}", hit.address, f"{hit.title} · {hit.place}")
        for hit in hits.values()
    ]
