"""Who supports the teams of a page, track by track, and which coaches a list can be narrowed to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from portal.accounts.models import Person
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.text import fold
from portal.portfolio import policy
from portal.portfolio.teams import Team
from portal.programmes.models import Programme, RoleAssignment, Track
from portal.projects.models import ProjectFigures, ProjectTrack


@dataclass(frozen=True)
class Coach:
    """A coach of a team, on one of its tracks where that was said."""

    name: str
    track_id: UUID | None


@dataclass(frozen=True)
class Support:
    """Each team's tracks and coaches."""

    tracks_of: Mapping[UUID, Sequence[Track]]
    coaches_of: Mapping[UUID, Sequence[Coach]]

    def coaches_by_track(self, team: Team) -> Sequence[tuple[Track | None, str]]:
        """The names of a team's coaches on each of its tracks; under None, on no track of its."""
        held = self.coaches_of.get(team.project.id, ())
        tracks = self.tracks_of.get(team.project.id, ())
        known = {track.id for track in tracks}
        rows: list[tuple[Track | None, str]] = [
            (track, ", ".join(one.name for one in held if one.track_id == track.id))
            for track in tracks
        ]
        beside = ", ".join(one.name for one in held if one.track_id not in known)
        return [*rows, (None, beside)] if beside else rows


_on_page: BindParameter[UUID] = bindparam("teams", expanding=True)

_TRACKS = select(ProjectTrack.project_id, ProjectTrack.track_id).where(
    ProjectTrack.project_id.in_(_on_page)
)

_COACHES = (
    select(RoleAssignment.scope_id, Person.name, RoleAssignment.track_id)
    .join(Person, Person.id == RoleAssignment.person_id)
    .where(RoleAssignment.scope_id.in_(_on_page), RoleAssignment.role.in_(policy.COACHES))
    .order_by(Person.name, RoleAssignment.id)
)

_TO_CHOOSE = select(Person.id, Person.name).where(
    Person.id.in_(
        select(RoleAssignment.person_id)
        .join(ProjectFigures, ProjectFigures.project_id == RoleAssignment.scope_id)
        .where(
            ProjectFigures.programme_id == bindparam("programme"),
            policy.TEAMS_VISIBLE,
            RoleAssignment.role.in_(policy.COACHES),
        )
    )
)


def read_support(teams: Sequence[Team], tracks: Sequence[Track]) -> Support:
    """The tracks and coaches of teams that the caller was allowed to see, of one programme."""
    given = {"teams": [team.project.id for team in teams]}
    followed = {(row[0], row[1]) for row in db.session.execute(_TRACKS, given)}
    tracks_of = {
        id_: [track for track in tracks if (id_, track.id) in followed] for id_ in given["teams"]
    }
    coaches_of: dict[UUID, list[Coach]] = defaultdict(list)
    for project_id, name, track_id in db.session.execute(_COACHES, given):
        coaches_of[project_id].append(Coach(name, track_id))
    return Support(tracks_of, coaches_of)


def list_coaches(actor: Actor, programme: Programme) -> Sequence[tuple[UUID, str]]:
    """Who coaches a team of the programme that the actor may see."""
    given = {"programme": programme.id, **policy.reach_of(actor)}
    found = [(row[0], row[1]) for row in db.session.execute(_TO_CHOOSE, given)]
    return sorted(found, key=lambda coach: fold(coach[1]))
