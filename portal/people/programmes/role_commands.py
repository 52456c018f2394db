"""Commands on roles: give, assign to a project, end; the letter of an invitation."""

from uuid import UUID

from portal.people.accounts.models import Person
from portal.people.programmes import policy, queries
from portal.people.programmes.models import Invitation, RoleAssignment, Scope, Track
from portal.platform.kernel import audit, clock, outbox
from portal.platform.kernel.access import Actor, Role, require
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import using_language

GRANTED = audit.Action("role.given", _l("a rejoint le projet (%(role)s)"))
ASSIGNED = audit.Action("role.assigned", _l("a affecté %(person)s (%(role)s)"))
ENDED = audit.Action("role.ended", _l("a mis fin au rôle de %(person)s (%(role)s)"))
LEFT = audit.Action("role.left", _l("a quitté le projet (%(role)s)"))
REVOKED = audit.Action("role.offer_withdrawn", _l("a retiré une invitation (%(role)s)"))
INDEPENDENCE = _l(
    "Qui travaille dans l’équipe, l’accompagne ou la relit tient un seul de ces trois rôles dans un projet."
)


def assign_role_from_pool(
    actor: Actor, scope: Scope, person: Person, role: Role, track: Track | None
) -> None:
    """Assign a role in a project to a person who holds it in the programme.

    Raises `NotFound` unless they do, `RuleBroken` on `person` as `give_role` does.
    """
    require(policy.can_assign_from_pool(actor, scope, role))
    if scope.parent_id is None or role not in queries.get_roles_in_scope(person.id, scope.parent_id):
        raise NotFound
    give_role(actor, scope.id, person, role, track=track, action=ASSIGNED)


def give_role(
    actor: Actor | None,
    scope_id: UUID,
    person: Person,
    role: Role,
    *,
    track: Track | None = None,
    share_of_time: int | None = None,
    action: audit.Action = GRANTED,
) -> RoleAssignment:
    """Give a role; the caller has checked the permission.

    Raises `RuleBroken` on `person` if it is incompatible with another role in the project or
    already held.
    """
    lock_row(Scope, scope_id)
    if queries.would_break_independence(person.id, queries.get_scope(scope_id), role):
        raise RuleBroken("person", str(INDEPENDENCE))
    if queries.find_assignment(person.id, scope_id, role, track.id if track else None):
        raise RuleBroken("person", _("Cette personne a déjà ce rôle."))
    assignment = RoleAssignment(
        scope_id=scope_id,
        person_id=person.id,
        role=role,
        track_id=track.id if track else None,
        share_of_time=share_of_time,
    )
    db.session.add(assignment)
    audit.record(actor, action, assignment, scope_id=scope_id, facts=_assignment_facts(assignment))
    return assignment


def end_role(actor: Actor, scope: Scope, assignment: RoleAssignment) -> None:
    """End a role, and the roles in projects that depend on it.

    Withdraws the invitations that the person may no longer make. Raises `RuleBroken` for the last
    administrator, and for a team's only lead who would leave it.
    """
    require(policy.can_end_role(actor, scope, assignment))
    lock_row(Scope, scope.id)
    assignment = queries.get_assignment(scope.id, assignment.id)
    is_last = not queries.has_other_holder(scope.id, assignment.role, assignment.person_id)
    is_own = assignment.person_id == actor.person_id
    if assignment.role in policy.NEVER_EMPTY and is_last:
        raise RuleBroken(None, _("Il doit rester au moins une personne dans ce rôle."))
    if assignment.role in policy.HANDED_OVER and is_last and is_own:
        raise RuleBroken(None, _("Le projet n’aurait plus de porteur. Invitez-en d’abord un autre."))
    for ended in (*queries.list_dependent_assignments(scope, assignment), assignment):
        action = LEFT if is_own else ENDED
        audit.record(actor, action, ended, scope_id=ended.scope_id, facts=_assignment_facts(ended))
        db.session.delete(ended)
    _withdraw_disallowed_invitations(actor, assignment.person_id)


def end_all_roles(person: Person) -> None:
    """End every role of a person whose account is erased; the caller checked who comes after them.

    Their open invitations stay, by a former member; those of a closed account go, since they
    could not be accepted any more.
    """
    if person.disabled_at is not None:
        _withdraw_all_invitations_by(person.id)
    for ended in queries.list_roles_of_person(person.id):
        audit.record(None, ENDED, ended, scope_id=ended.scope_id, facts=_assignment_facts(ended))
        db.session.delete(ended)


def _withdraw_all_invitations_by(inviter_id: UUID) -> None:
    for invitation, scope in queries.list_invitations_by(inviter_id, is_closed=True):
        _withdraw_invitation(None, invitation, scope)


def end_duplicate_roles(actor: Actor | None, former: Person, person: Person) -> None:
    """End each role of an account that another account of the same person holds too."""
    current = {(row.scope_id, row.role, row.track_id) for row in queries.list_roles_of_person(person.id)}
    for row in queries.list_roles_of_person(former.id):
        if (row.scope_id, row.role, row.track_id) in current:
            audit.record(actor, ENDED, row, scope_id=row.scope_id, facts=_assignment_facts(row))
            db.session.delete(row)
    flush_session()


def withdraw_invitations_to(actor: Actor | None, email: str) -> None:
    """Withdraw the open invitations to an address that leads to nobody any more."""
    for invitation in queries.list_unanswered_invitations_to(email):
        invitation.revoked_at = clock.now()
        facts = role_facts(invitation.role)
        audit.record(actor, REVOKED, invitation, scope_id=invitation.scope_id, facts=facts)


def _withdraw_disallowed_invitations(actor: Actor | None, inviter_id: UUID) -> None:
    """Withdraw a person's open invitations that they may no longer make."""
    flush_session()
    inviter = queries.actor_for(inviter_id)
    for invitation, scope in queries.list_invitations_by(inviter_id):
        if policy.can_invite(inviter, scope, invitation.role):
            continue
        if policy.can_invite_from_list(inviter, scope, invitation.role):
            continue
        _withdraw_invitation(actor, invitation, scope)


def _withdraw_invitation(actor: Actor | None, invitation: Invitation, scope: Scope) -> None:
    invitation.revoked_at = clock.now()
    audit.record(actor, REVOKED, invitation, scope_id=scope.id, facts=role_facts(invitation.role))


def _assignment_facts(assignment: RoleAssignment) -> dict[str, object]:
    """Return the facts of a role, whose row is deleted when the role ends."""
    facts = role_facts(assignment.role) | {"person_id": assignment.person_id}
    if track := queries.find_track(assignment.track_id):
        facts |= {"track_id": track.id, "track_fr": track.name_fr, "track_en": track.name_en}
    return facts


def find_person_id(line: audit.PendingAuditEvent) -> UUID:
    """Whose role an event is about, or whose account, which is its subject."""
    return UUID(person_id) if (person_id := line.facts.get("person_id")) else line.subject_id


def role_facts(role: Role) -> dict[str, object]:
    """Return the facts that the sentences of audit events need of a role."""
    return {"role": role.value}


def queue_invitation_mail(invitation: Invitation, invitee: Person | None, inviter: Person) -> None:
    """Queue the letter in the invitee's language, or the inviter's if there is no account yet."""
    locale = (invitee or inviter).locale
    with using_language(locale):
        role = str(policy.ROLE_LABELS[invitation.role])
    outbox.queue_letter(
        "invitation",
        address=invitation.email,
        locale=locale,
        person_id=invitee.id if invitee else None,
        facts={
            "id": str(invitation.id),
            "inviter": inviter.name,
            "place_fr": invitation.place_fr,
            "place_en": invitation.place_en,
            "role": role,
            "expires_at": invitation.expires_at.isoformat(),
        },
    )
