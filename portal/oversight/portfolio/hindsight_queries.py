"""Names, tracks, coaches and thresholds of teams at a past moment.

Editable rows hold the present; their past values are read from the audit trail (`kernel/history`).
Who may read which team, and the names of people, are those of now.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, inspect, select

from portal.oversight.decisions.awaited_queries import OpenQuestion, list_open_questions_by_project
from portal.oversight.health.definition_rules import Definitions
from portal.oversight.health.models import SignalTerms
from portal.oversight.health.threshold_queries import build_definitions, select_editions
from portal.oversight.portfolio import policy
from portal.oversight.portfolio.filter_queries import in_programme
from portal.oversight.portfolio.filter_rules import PortfolioFilters
from portal.oversight.portfolio.models import ListedProject
from portal.oversight.portfolio.support_queries import TeamCoach, TracksAndCoachesByTeam
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, Track
from portal.people.programmes.past_role_queries import list_scope_roles_at
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import fetch_rows
from portal.platform.kernel.history import PastValues, map_past_values_by_row
from portal.platform.kernel.subqueries import rows_subquery
from portal.platform.kernel.text import fold, in_reader_language
from portal.project.projects.models import ProjectFigures, ProjectTrack


@dataclass(frozen=True)
class PastTrack:
    """A track under the name that it had."""

    id: UUID
    key: str
    name_fr: str
    name_en: str

    @property
    def name(self) -> str:
        return in_reader_language(self.name_fr, self.name_en)


@dataclass(frozen=True)
class TeamsAsOf:
    """The teams that a reader may see, as of the end of a day. `changed` holds the past values of
    fields edited since; `definitions` are the health signals of that day."""

    day: date
    moment: datetime
    ids: Sequence[UUID]
    definitions: Definitions
    changed: Mapping[UUID, PastValues]
    support: TracksAndCoachesByTeam
    programme: Programme  # with its length of that day; in no session
    coaches: Sequence[tuple[UUID, str]]  # of some team, by name
    questions: Mapping[UUID, Sequence[OpenQuestion]]  # decisions awaited, the oldest first

    def team_with_past_names(self, team: PortfolioTeam) -> PortfolioTeam:
        """The same team under the names and the start date that it had."""
        then = self.changed[team.project.id]
        own = {name: then.get(name, getattr(team.project, name)) for name in _NAMES}
        start = then.get("starts_on", team.project.starts_on)
        starts_on = start if isinstance(start, date) else date.fromisoformat(start)
        project = replace(team.project, **own, starts_on=starts_on)
        return replace(team, project=project, definitions=self.definitions)

    def passes(self, project: ListedProject, filters: PortfolioFilters) -> bool:
        """Whether the filters on name, tracks and coaches let it through."""
        support, organisation = self.support, fold(filters.organisation).strip()
        coaches = {coach.person_id for coach in support.coaches_of.get(project.id, ())}
        tracks = {track.key for track in support.tracks_of.get(project.id, ())}
        names = (fold(project.organisation), fold(project.acronym))
        return (
            (filters.coach is None or filters.coach in coaches)
            and (not filters.track or filters.track in tracks)
            and (not organisation or any(organisation in name for name in names))
        )


_NAMES = ("organisation", "acronym", "title_fr", "title_en")


def read_teams_as_of(
    actor: Actor, programme: Programme, tracks: Sequence[Track], day: date, zone: str
) -> TeamsAsOf:
    """The teams as of the end of a day, in a constant number of statements."""
    moment = clock.end_of_day(day, zone)
    parameters = {"programme": programme.id, "moment": moment, **policy.visible_teams_bind_parameters(actor)}
    ((ids, editions),) = fetch_rows(_VISIBLE_TEAMS, parameters)
    changed = map_past_values_by_row([programme.id, *ids, *(track.id for track in tracks)], moment)
    coaches_of = _read_coaches_by_team(ids, moment)
    followed = _read_tracks_by_team(
        ids,
        [_build_past_track(programme_track, changed[programme_track.id]) for programme_track in tracks],
        changed,
    )
    everybody = {
        coach.person_id: coach.name for team_coaches in coaches_of.values() for coach in team_coaches
    }
    coaches = sorted(everybody.items(), key=lambda pair: fold(pair[1]))
    return TeamsAsOf(
        day=day,
        moment=moment,
        ids=ids,
        definitions=build_definitions(editions),
        changed=changed,
        support=TracksAndCoachesByTeam(followed, coaches_of),
        programme=_build_past_programme(programme, changed[programme.id]),
        coaches=coaches,
        questions=list_open_questions_by_project(ids, moment),
    )


_VISIBLE_TEAMS = select(
    rows_subquery(
        select(ProjectFigures.project_id).where(in_programme, policy.TEAMS_VISIBLE), lambda id_: id_
    ),
    select_editions(
        SignalTerms.programme_id == bindparam("programme"), SignalTerms.created_at <= bindparam("moment")
    ),
)


def _build_past_programme(programme: Programme, then: PastValues) -> Programme:
    columns = {each.key: getattr(programme, each.key) for each in inspect(Programme).column_attrs}
    return Programme(**columns | {"months": then.get("months", programme.months)})


def _build_past_track(track: Track, then: PastValues) -> PastTrack:
    names = (then.get(name, getattr(track, name)) for name in ("name_fr", "name_en"))
    return PastTrack(track.id, track.key, *names)


def _read_tracks_by_team(
    ids: Collection[UUID], tracks: Sequence[PastTrack], changed: Mapping[UUID, PastValues]
) -> Mapping[UUID, Sequence[PastTrack]]:
    """In the programme's order; tracks removed from the programme since are left out."""
    now: dict[UUID, set[UUID]] = defaultdict(set)
    for project_id, track_id in fetch_rows(_FOLLOWED_TRACKS, {"projects": ids}):
        now[project_id].add(track_id)
    return {id_: [track for track in tracks if _had_track(track, changed[id_], now[id_])] for id_ in ids}


def _had_track(track: PastTrack, then: PastValues, now: Collection[UUID]) -> bool:
    return track.key in then["tracks"] if "tracks" in then else track.id in now


_projects: Any = bindparam("projects", expanding=True)
_FOLLOWED_TRACKS = select(ProjectTrack.project_id, ProjectTrack.track_id).where(
    ProjectTrack.project_id.in_(_projects)
)


def _read_coaches_by_team(ids: Collection[UUID], moment: datetime) -> Mapping[UUID, Sequence[TeamCoach]]:
    """The coaches of each team at a moment, by name."""
    assignments = list_scope_roles_at(ids, moment, policy.COACHES)
    people = list({each.person_id for each in assignments})
    names = {row[0]: row[1] for row in fetch_rows(_PERSON_NAMES, {"people": people})}
    coaches: dict[UUID, list[TeamCoach]] = defaultdict(list)
    for each in assignments:
        coach = TeamCoach(names.get(each.person_id, ""), each.track_id, each.person_id)
        coaches[each.scope_id].append(coach)
    return {id_: sorted(team_coaches, key=lambda coach: coach.name) for id_, team_coaches in coaches.items()}


_PERSON_NAMES = select(Person.id, Person.name).where(Person.id.in_(bindparam("people", expanding=True)))
