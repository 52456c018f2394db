"""Who is there and who is missing in the teams of a programme that starts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.people.accounts.models import Person
from portal.people.programmes.models import Invitation, Programme, RoleAssignment, Track
from portal.people.programmes.queries import list_role_pool, open_invitation_conditions
from portal.platform.kernel.database import db
from portal.project.projects import policy
from portal.project.projects.models import Project, ProjectState, ProjectTrack, state_condition


@dataclass(frozen=True)
class TeamStaffing:
    """A team in progress: whether its lead has joined, how many invitations to lead it are open, and
    the names of its tracks, those without a coach apart."""

    slug: str
    short_name: str
    has_lead: bool
    open_lead_invitations: int
    tracks: Sequence[str]
    tracks_without_coach: Sequence[str]

    @property
    def has_all_coaches(self) -> bool:
        """Whether each of its tracks has a coach, and there is one at least."""
        return bool(self.tracks) and not self.tracks_without_coach


def list_team_staffing(programme_id: UUID) -> Sequence[TeamStaffing]:
    """The teams in progress of a programme that the caller leads, by organisation; four queries."""
    in_progress = (Project.programme_id == programme_id, state_condition(ProjectState.ACTIVE))
    projects = db.session.scalars(
        select(Project).where(*in_progress).order_by(Project.organisation_fold, Project.id)
    ).all()
    ids = select(Project.id).where(*in_progress)
    holders = db.session.execute(
        select(RoleAssignment.scope_id, RoleAssignment.role, RoleAssignment.track_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(RoleAssignment.scope_id.in_(ids), Person.disabled_at.is_(None))
    ).all()
    invited = db.session.scalars(
        select(Invitation.scope_id).where(
            Invitation.scope_id.in_(ids), Invitation.role == policy.LEAD, *open_invitation_conditions()
        )
    ).all()
    led = {scope_id for scope_id, role, _track in holders if role is policy.LEAD}
    coached = {(scope_id, track_id) for scope_id, role, track_id in holders if role is policy.COACH}
    tracks = _read_tracks_by_project(programme_id)
    return [
        TeamStaffing(
            project.slug,
            project.short_name,
            project.id in led,
            invited.count(project.id),
            [track.name for track in tracks[project.id]],
            [track.name for track in tracks[project.id] if (project.id, track.id) not in coached],
        )
        for project in projects
    ]


def has_coach_to_assign(programme: Programme) -> bool:
    """Whether somebody who may still sign in coaches in a programme that the caller leads."""
    return bool(list_role_pool(programme.id, policy.COACH))


def _read_tracks_by_project(programme_id: UUID) -> Mapping[UUID, Sequence[Track]]:
    statement = (
        select(ProjectTrack.project_id, Track)
        .join(Track, Track.id == ProjectTrack.track_id)
        .where(Track.programme_id == programme_id)
        .order_by(Track.position)
    )
    tracks: dict[UUID, list[Track]] = defaultdict(list)
    for project_id, track in db.session.execute(statement):
        tracks[project_id].append(track)
    return tracks
