"""Tracks and coaches of the teams of a page, and the choices of the filter by coach."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, exists, null, select
from sqlalchemy.orm import aliased

from portal.oversight.portfolio import policy
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, RoleAssignment, Track
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import fetch_rows
from portal.platform.kernel.text import fold
from portal.project.projects.models import ProjectFigures, ProjectTrack


@dataclass(frozen=True)
class TeamCoach:
    """A coach of a team; `track_id` None: of no track in particular."""

    name: str
    track_id: UUID | None
    person_id: UUID


class NamedTrack(Protocol):
    """A track of now or of a past day."""

    @property
    def id(self) -> UUID: ...
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class TracksAndCoachesByTeam:
    """Each team's tracks and coaches."""

    tracks_of: Mapping[UUID, Sequence[NamedTrack]]
    coaches_of: Mapping[UUID, Sequence[TeamCoach]]

    def coaches_by_track(self, team: PortfolioTeam) -> tuple[tuple[str | None, str], ...]:
        return self.coaches_by_track_of_id(team.project.id)

    def coaches_by_track_of_id(self, team_id: UUID) -> tuple[tuple[str | None, str], ...]:
        """Each track of a team with the names of its coaches; None: coaches of no such track."""
        coaches = self.coaches_of.get(team_id, ())
        tracks = self.tracks_of.get(team_id, ())
        track_ids = {track.id for track in tracks}
        rows: list[tuple[str | None, str]] = [
            (track.name, ", ".join(coach.name for coach in coaches if coach.track_id == track.id))
            for track in tracks
        ]
        others = ", ".join(coach.name for coach in coaches if coach.track_id not in track_ids)
        return (*rows, (None, others)) if others else tuple(rows)


_teams: BindParameter[UUID] = bindparam("teams", expanding=True)

# One statement for both: rows of tracks, then rows of coaches.
_SUPPORT = (
    select(ProjectTrack.project_id, ProjectTrack.track_id, null(), null())
    .where(ProjectTrack.project_id.in_(_teams))
    .union_all(
        select(RoleAssignment.scope_id, RoleAssignment.track_id, Person.name, RoleAssignment.person_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(RoleAssignment.scope_id.in_(_teams), RoleAssignment.role.in_(policy.COACHES))
    )
)

# Coaches of projects are in the pool of the programme: few people, each checked by EXISTS.
_team = aliased(RoleAssignment)
_programmes: BindParameter[UUID] = bindparam("programmes", expanding=True)
_COACH_CHOICES = (
    select(Person.id, Person.name)
    .distinct()
    .join(RoleAssignment, RoleAssignment.person_id == Person.id)
    .where(
        RoleAssignment.scope_id.in_(_programmes),
        RoleAssignment.role.in_(policy.COACHES),
        exists()
        .where(
            _team.person_id == Person.id,
            _team.role.in_(policy.COACHES),
            ProjectFigures.project_id == _team.scope_id,
            ProjectFigures.programme_id.in_(_programmes),
            policy.TEAMS_VISIBLE,
        )
        .correlate(Person),
    )
)


def read_tracks_and_coaches(
    teams: Sequence[PortfolioTeam], tracks: Sequence[Track]
) -> TracksAndCoachesByTeam:
    """The tracks and coaches of teams of one programme, which the caller may see."""
    return read_tracks_and_coaches_by_ids([team.project.id for team in teams], tracks)


def read_tracks_and_coaches_by_ids(ids: Sequence[UUID], tracks: Sequence[Track]) -> TracksAndCoachesByTeam:
    """The same by the ids of the teams."""
    followed: set[tuple[UUID, UUID]] = set()
    coaches_of: dict[UUID, list[TeamCoach]] = defaultdict(list)
    for project_id, track_id, name, person_id in fetch_rows(_SUPPORT, {"teams": ids}):
        if name is None:
            followed.add((project_id, track_id))
        else:
            coaches_of[project_id].append(TeamCoach(name, track_id, person_id))
    for coaches in coaches_of.values():
        coaches.sort(key=lambda coach: coach.name)
    tracks_of = {id_: [track for track in tracks if (id_, track.id) in followed] for id_ in ids}
    return TracksAndCoachesByTeam(tracks_of, coaches_of)


def list_coaches(actor: Actor, *programmes: Programme) -> Sequence[tuple[UUID, str]]:
    """Ids and names of the coaches of the programmes' teams that the actor may see, by name."""
    ids = [programme.id for programme in programmes]
    parameters = {"programmes": ids, **policy.visible_teams_bind_parameters(actor)}
    coaches = [(row[0], row[1]) for row in fetch_rows(_COACH_CHOICES, parameters)]
    return sorted(coaches, key=lambda coach: fold(coach[1]))
