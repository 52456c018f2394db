"""Who comes to a programme: who waits for a first team, and from whom; who was invited, and to what."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists, select

from portal.people.accounts.models import Person
from portal.people.programmes import policy
from portal.people.programmes.models import Invitation, Programme, RoleAssignment, Scope
from portal.people.programmes.queries import open_invitation_conditions
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db

NAMES_MAX = 3


def list_roles_without_team(actor: Actor, programme: Programme) -> Sequence[Role]:
    """The roles of `POOL` that the actor has in a programme that they do not lead, and in no team of it."""
    roles = [role for role in policy.POOL if actor.has_role_in(role, in_=programme.id)]
    if not roles or policy.can_lead(actor, programme):
        return []
    ids = set(actor.scopes_with(*roles)) - {programme.id}
    statement = select(Scope.id).where(Scope.parent_id == programme.id, Scope.id.in_(ids))
    teams = set(db.session.scalars(statement)) if ids else set()
    return [role for role in roles if teams.isdisjoint(actor.scopes_with(role))]


def list_lead_names(programme_ids: Collection[UUID]) -> Sequence[str]:
    """The names of who leads these programmes, which the caller sees; at most `NAMES_MAX`."""
    statement = (
        select(Person.name)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            RoleAssignment.scope_id.in_(programme_ids),
            RoleAssignment.role == policy.PROGRAMME_LEAD,
            Person.disabled_at.is_(None),
        )
    )
    return db.session.scalars(statement.distinct().order_by(Person.name).limit(NAMES_MAX)).all()


def replaces_invitation(invitation: Invitation) -> bool:
    """Whether its address was invited to the same role before, by a link that serves no more."""
    same = (
        Invitation.scope_id == invitation.scope_id,
        Invitation.email == invitation.email,
        Invitation.role == invitation.role,
        Invitation.accepted_at.is_(None),
        Invitation.id != invitation.id,
        Invitation.created_at <= invitation.created_at,
    )
    return bool(db.session.scalar(select(exists().where(*same))))


def list_open_invitations_of(actor: Actor) -> Sequence[Invitation]:
    """List the open invitations to the actor's own address, the oldest first."""
    own_email = select(Person.email).where(Person.id == actor.person_id).scalar_subquery()
    own = select(Invitation).where(Invitation.email == own_email, *open_invitation_conditions())
    return db.session.scalars(own.order_by(Invitation.id)).all()
