"""Whether the coaches of a programme are enough for its tracks."""

from uuid import UUID

from sqlalchemy import or_, select

from portal.people.accounts.models import Person
from portal.people.programmes import policy
from portal.people.programmes.models import RoleAssignment, Scope
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel.database import db


def count_tracks_short_of_coaches(programme_id: UUID) -> int:
    """How many tracks nobody coaches in any team, less the coaches who have no team yet; two queries."""
    statement = (
        select(RoleAssignment.person_id, RoleAssignment.track_id)
        .join(Scope, Scope.id == RoleAssignment.scope_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            or_(Scope.id == programme_id, Scope.parent_id == programme_id),
            RoleAssignment.role.in_(policy.COACHES),
            Person.disabled_at.is_(None),
        )
    )
    coaches = db.session.execute(statement).all()
    busy_ids = {person_id for person_id, track_id in coaches if track_id is not None}
    free_ids = {person_id for person_id, _track in coaches} - busy_ids
    coached_ids = {track_id for _person, track_id in coaches}
    uncoached = [track for track in list_tracks(programme_id) if track.id not in coached_ids]
    return max(0, len(uncoached) - len(free_ids))
