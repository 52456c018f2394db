"""Read facts about the people around a project: its coaches by track, its key roles."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from portal.coaching.sessions.models import IS_WRITTEN, CoachingSession
from portal.oversight.gates import project_evidence_queries
from portal.oversight.gates.evidence_parameter_queries import PROJECT_PARAMETER, project_parameter_values
from portal.oversight.health.fact_rules import HealthFacts, TrackFacts
from portal.oversight.health.team_signal_rules import COACH_ROLE, LEAD_ROLE
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment, Track
from portal.platform.kernel import clock
from portal.platform.kernel.clock import day_of
from portal.platform.kernel.database import fetch_rows
from portal.project.projects.models import Project, ProjectTrack


def _list_coach_conditions(*conditions: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    in_project = RoleAssignment.scope_id == PROJECT_PARAMETER
    return [in_project, RoleAssignment.role.in_(programmes.COACHES), *conditions]


def _list_session_conditions(*conditions: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    return [CoachingSession.project_id == PROJECT_PARAMETER, IS_WRITTEN, *conditions]


# A session of all tracks is a contact on each, and a coach of no track coaches all of them.
_TRACKS = (
    select(
        Track.key,
        Track.name_fr,
        Track.name_en,
        select(func.min(RoleAssignment.created_at))
        .where(
            *_list_coach_conditions(
                or_(RoleAssignment.track_id == Track.id, RoleAssignment.track_id.is_(None))
            )
        )
        .correlate(Track)
        .scalar_subquery(),
        select(func.max(CoachingSession.held_on))
        .where(
            *_list_session_conditions(
                or_(CoachingSession.track_id == Track.id, CoachingSession.track_id.is_(None))
            )
        )
        .correlate(Track)
        .scalar_subquery(),
        select(func.max(CoachingSession.held_on)).where(*_list_session_conditions()).scalar_subquery(),
    )
    .join(ProjectTrack, ProjectTrack.track_id == Track.id)
    .where(ProjectTrack.project_id == PROJECT_PARAMETER)
    .order_by(Track.position)
)


def read_contact_facts(project: Project, _facts: HealthFacts) -> dict[str, Any]:
    """Return the last session of the project, and by track its coach and last session."""
    rows = fetch_rows(_TRACKS, project_parameter_values(project))
    return {
        "contact_on": rows[0][5] if rows else None,
        "tracks": {
            key: TrackFacts(name_fr, name_en, assigned and day_of(assigned), met_on)
            for key, name_fr, name_en, assigned, met_on, _last in rows
        },
    }


_HOLDERS = select(RoleAssignment.role).where(
    RoleAssignment.scope_id == PROJECT_PARAMETER,
    RoleAssignment.role.in_((*programmes.COACHES, *programmes.HANDED_OVER)),
)


def read_vacant_key_role_facts(project: Project, facts: HealthFacts) -> dict[str, Any]:
    """Return the key roles without a holder on the team, with the first day of each; a project
    without any coach lacks COACH_ROLE, else each track without one lacks its own."""
    engagement = project_evidence_queries.read_team_and_coaches_evidence(project)["engagement"]
    roles = {role for (role,) in fetch_rows(_HOLDERS, project_parameter_values(project))}
    key_roles = {"sponsor": engagement.sponsor, "business_owner": engagement.business_owner}
    empty = [name for name, role in key_roles.items() if role is None or not role.is_on_team]
    if roles.isdisjoint(programmes.HANDED_OVER):
        empty.append(LEAD_ROLE)
    if roles.isdisjoint(programmes.COACHES):
        empty.append(COACH_ROLE)
    empty += [f"coach:{track}" for track, coached in engagement.tracks.items() if not coached]
    return {"empty": {role_key: facts.empty.get(role_key, clock.today()) for role_key in empty}}
