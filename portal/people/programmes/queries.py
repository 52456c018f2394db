"""Queries on programmes, tracks, roles and invitations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, select

from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.programmes import policy
from portal.people.programmes.models import (
    INSTALLATION,
    Invitation,
    Programme,
    RoleAssignment,
    Scope,
    ScopeKind,
    Track,
)
from portal.people.programmes.schedule_rules import running_first
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.personal_data import ERASED_DOMAIN
from portal.platform.kernel.tokens import token_hash

# The key in an invitation's link: the token shown once, or the id sealed in the letter's link.
OfferKey = str | UUID


@dataclass(frozen=True)
class RoleHolder:
    """A person with a role; `track` is a coach's track in a project."""

    assignment: RoleAssignment
    person: Person
    track: Track | None

    @property
    def role_name(self) -> str:
        return str(policy.ROLE_LABELS[self.assignment.role])


def actor_for(person_id: UUID) -> Actor:
    """Return a person with their roles, as policies need them, in one query."""
    roles: dict[UUID, set[Role]] = defaultdict(set)
    for scope_id, role in db.session.execute(_ROLES_OF, {"person": person_id}):
        roles[scope_id].add(role)
    return Actor(person_id, {scope_id: frozenset(scope_roles) for scope_id, scope_roles in roles.items()})


_ROLES_OF = select(RoleAssignment.scope_id, RoleAssignment.role).where(
    RoleAssignment.person_id == bindparam("person")
)


def list_programmes(actor: Actor) -> Sequence[Programme]:
    """List the programmes that the actor sees, in the order of `running_first`."""
    return running_first(db.session.scalars(select(Programme).where(policy.visible_to(actor))))


def get_programme(actor: Actor, slug: str) -> Programme:
    """Return a programme; raises `NotFound` unless the actor sees it."""
    matching = select(Programme).where(Programme.slug == slug, policy.visible_to(actor))
    return get_scalar(matching)


def list_tracks(programme_id: UUID) -> Sequence[Track]:
    tracks = select(Track).where(Track.programme_id == programme_id)
    return db.session.scalars(tracks.order_by(Track.position)).all()


def get_track(programme: Programme, track_id: UUID) -> Track:
    """Return a track of a programme; raises `NotFound`."""
    own = Track.id == track_id, Track.programme_id == programme.id
    return get_scalar(select(Track).where(*own))


def find_track(track_id: UUID | None) -> Track | None:
    """Return the track of a role, None without one."""
    return db.session.get(Track, track_id) if track_id else None


def count_coaches_on_track(track: Track) -> int:
    """Count the coaches' roles on a track in all projects."""
    coach_count = select(func.count()).select_from(RoleAssignment)
    return db.session.scalar(coach_count.where(RoleAssignment.track_id == track.id)) or 0


def would_break_independence(person_id: UUID, scope: Scope, role: Role) -> bool:
    """Tell whether a role is incompatible with a person's roles in the same project.

    Roles in a programme are not: one may coach a team and review another.
    """
    if scope.kind is not ScopeKind.PROJECT:
        return False
    return policy.breaks_independence(get_roles_in_scope(person_id, scope.id), role)


def get_scope(scope_id: UUID) -> Scope:
    """Return the scope of a row that the caller was allowed to see."""
    scope = db.session.get(Scope, scope_id)
    if scope is None:
        raise NotFound
    return scope


def find_programme_of_scope(scope: Scope) -> Programme | None:
    """Return the programme of a scope that the caller may see; None for the installation."""
    id_ = scope.id if scope.kind is ScopeKind.PROGRAMME else scope.parent_id
    return db.session.get(Programme, id_) if id_ is not None else None


def get_installation_scope(actor: Actor) -> Scope:
    """Return the installation's scope; raises `NotFound` unless the actor is an administrator."""
    if not policy.can_administer(actor):
        raise NotFound
    return get_scope(INSTALLATION)


def list_holders(scope_id: UUID, *roles: Role) -> Sequence[RoleHolder]:
    """List the holders of roles (all by default) in a scope that the caller may see."""
    return list_holders_by_scope([scope_id], *roles).get(scope_id, [])


def list_holders_by_scope(scope_ids: Iterable[UUID], *roles: Role) -> Mapping[UUID, Sequence[RoleHolder]]:
    """List the holders of roles by scope id, in one query."""
    holders = (
        select(RoleAssignment, Person, Track)
        .join(Person, Person.id == RoleAssignment.person_id)
        .outerjoin(Track, Track.id == RoleAssignment.track_id)
        .where(RoleAssignment.scope_id.in_(list(scope_ids)))
        .order_by(Track.position, Person.name, RoleAssignment.id)
    )
    if roles:
        holders = holders.where(RoleAssignment.role.in_(roles))
    by_scope: dict[UUID, list[RoleHolder]] = defaultdict(list)
    for assignment, person, track in db.session.execute(holders):
        by_scope[assignment.scope_id].append(RoleHolder(assignment, person, track))
    return by_scope


def list_role_pool(programme_id: UUID, role: Role) -> Sequence[Person]:
    """List the people who hold a role in a programme and may be assigned to its projects."""
    holder_ids = select(RoleAssignment.person_id).where(
        RoleAssignment.scope_id == programme_id, RoleAssignment.role == role
    )
    people = select(Person).where(Person.id.in_(holder_ids), Person.disabled_at.is_(None))
    return db.session.scalars(people.order_by(Person.name)).all()


def get_roles_in_scope(person_id: UUID, scope_id: UUID) -> frozenset[Role]:
    roles = select(RoleAssignment.role).where(
        RoleAssignment.person_id == person_id, RoleAssignment.scope_id == scope_id
    )
    return frozenset(db.session.scalars(roles))


def find_assignment(
    person_id: UUID, scope_id: UUID, role: Role, track_id: UUID | None
) -> RoleAssignment | None:
    return db.session.scalar(
        select(RoleAssignment).where(
            RoleAssignment.person_id == person_id,
            RoleAssignment.scope_id == scope_id,
            RoleAssignment.role == role,
            RoleAssignment.track_id == track_id,
        )
    )


def is_slug_taken(slug: str) -> bool:
    return db.session.scalar(select(Programme.id).where(Programme.slug == slug)) is not None


def get_assignment(scope_id: UUID, assignment_id: UUID) -> RoleAssignment:
    matching = select(RoleAssignment).where(
        RoleAssignment.id == assignment_id, RoleAssignment.scope_id == scope_id
    )
    return get_scalar(matching)


def list_roles_of_person(person_id: UUID) -> Sequence[RoleAssignment]:
    """List all roles of a person, the earliest first."""
    own = select(RoleAssignment).where(RoleAssignment.person_id == person_id)
    return db.session.scalars(own.order_by(RoleAssignment.id)).all()


def get_holder_name(assignment: RoleAssignment) -> str:
    return read_person_names([assignment.person_id])[assignment.person_id]


def list_dependent_assignments(scope: Scope, assignment: RoleAssignment) -> Sequence[RoleAssignment]:
    """List the roles in projects that depend on a person's role in their programme."""
    if scope.kind is not ScopeKind.PROGRAMME or assignment.role not in policy.POOL:
        return []
    project_ids = select(Scope.id).where(Scope.parent_id == scope.id)
    assignments = select(RoleAssignment).where(
        RoleAssignment.scope_id.in_(project_ids),
        RoleAssignment.person_id == assignment.person_id,
        RoleAssignment.role == assignment.role,
    )
    return db.session.scalars(assignments.order_by(RoleAssignment.id)).all()


def has_other_holder(scope_id: UUID, role: Role, person_id: UUID) -> bool:
    """Tell whether another person with an open account holds the role in a scope."""
    others = (
        select(RoleAssignment.id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.scope_id == scope_id,
            RoleAssignment.role == role,
            RoleAssignment.person_id != person_id,
            Person.disabled_at.is_(None),
            ~Person.email.endswith(f"@{ERASED_DOMAIN}", autoescape=True),  # earlier releases reopened some
        )
    )
    return db.session.scalar(others.limit(1)) is not None


def list_open_invitations(actor: Actor, scope: Scope) -> Sequence[Invitation]:
    """List the open invitations in a scope to roles that the actor may offer, newest first."""
    roles = policy.roles_to_invite(actor, scope)
    invitations = select(Invitation).where(
        Invitation.scope_id == scope.id, Invitation.role.in_(roles), *open_invitation_conditions()
    )
    return db.session.scalars(invitations.order_by(Invitation.id.desc())).all()


def get_invitation(actor: Actor, scope: Scope, invitation_id: UUID) -> Invitation:
    for invitation in list_open_invitations(actor, scope):
        if invitation.id == invitation_id:
            return invitation
    raise NotFound


def find_open_invitation(key: OfferKey) -> Invitation | None:
    """Return the open invitation of a link, if any."""
    has_key = Invitation.id == key if isinstance(key, UUID) else Invitation.token_hash == token_hash(key)
    return db.session.scalar(select(Invitation).where(has_key, *open_invitation_conditions()))


def list_invitations_by(inviter_id: UUID, *, is_closed: bool = False) -> Sequence[tuple[Invitation, Scope]]:
    """List the open invitations made by a person, each with its scope; `is_closed`: those that a
    closed account left behind."""
    offers = select(Invitation, Scope).join(Scope, Scope.id == Invitation.scope_id)
    is_open = _unanswered_invitation_conditions() if is_closed else open_invitation_conditions()
    open_offers = offers.where(Invitation.invited_by_id == inviter_id, *is_open)
    return [(row[0], row[1]) for row in db.session.execute(open_offers.order_by(Invitation.id))]


def list_open_invitations_to_role(scope_id: UUID, email: str, role: Role) -> Sequence[Invitation]:
    """List the open invitations of an address to a role in a scope."""
    same = Invitation.scope_id == scope_id, Invitation.email == email, Invitation.role == role
    return db.session.scalars(select(Invitation).where(*same, *open_invitation_conditions())).all()


def list_unanswered_invitations_to(email: str) -> Sequence[Invitation]:
    """List the unanswered invitations of an address, also those that a closed account made."""
    unanswered = select(Invitation).where(Invitation.email == email, *_unanswered_invitation_conditions())
    return db.session.scalars(unanswered).all()


def open_invitation_conditions() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions: not accepted, withdrawn or expired, and the inviter's account open, or
    erased: what a former member offered stays."""
    inviter_is_disabled = exists().where(
        Person.id == Invitation.invited_by_id,
        Person.disabled_at.is_not(None),
        Person.email.not_like(f"%@{ERASED_DOMAIN}"),
    )
    return (*_unanswered_invitation_conditions(), ~inviter_is_disabled)


def _unanswered_invitation_conditions() -> tuple[ColumnElement[bool], ...]:
    is_unanswered = Invitation.accepted_at.is_(None)
    return (is_unanswered, Invitation.revoked_at.is_(None), Invitation.expires_at > clock.now())


def get_open_invitation(key: OfferKey) -> Invitation:
    offer = find_open_invitation(key)
    if offer is None:
        raise NotFound
    return offer


def is_invitation_for_email(key: OfferKey, email: str) -> bool:
    """Whether an invitation is for an address, whatever its case. Raises `NotFound`."""
    return get_open_invitation(key).email.casefold() == email.strip().casefold()


def get_own_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """Return an invitation that the actor made; raises `NotFound`."""
    own = Invitation.id == invitation_id, Invitation.invited_by_id == actor.person_id
    return get_scalar(select(Invitation).where(*own))
