"""Commands on changes of address: requested with the password, confirmed from both addresses."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from portal.people.accounts import commands, policy, queries
from portal.people.accounts.models import AddressChange, Person, SignedInPerson
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _

LINK_LIFE = timedelta(hours=24)

REQUESTED = audit.Action("person.asked_address")
CONFIRMED = audit.Action("person.confirmed_address")
CHANGED = audit.Action("person.changed_address")
CANCELLED = audit.Action("person.cancelled_address")
REFUSED = audit.Action("person.refused_address")


class AddressSide(StrEnum):
    """The address to which a letter with a link went."""

    OLD = "old"
    NEW = "new"


def request_address_change(
    actor: Actor, signed_in: SignedInPerson, email: str, current: str, passwords: PortalPasswordHasher
) -> AddressChange:
    """Request a change and queue a letter to each address; an earlier request is cancelled.

    If the new address has an account, its letter says so instead, and the page shows no difference.
    Raises `RuleBroken` on `current_password` or `email`.
    """
    person, email = signed_in.person, email.strip().lower()
    require(policy.can_edit_profile(actor, person))
    commands.require_current_password(person, current, passwords)
    if email == person.email:
        raise RuleBroken("email", _("C’est déjà votre adresse."))
    commands.revoke_mail_links(person)
    change = AddressChange(
        person_id=person.id, session_id=signed_in.session.id, email=email, expires_at=clock.now() + LINK_LIFE
    )
    db.session.add(change)
    # Addresses are personal data: the audit event holds neither.
    audit.record(actor, REQUESTED, change, scope_id=None)
    commands.queue_mail_to(person, "address-old", id=str(change.id), name=person.name, email=email)
    holder = queries.find_person_by_email(email)
    if holder is None:
        commands.queue_mail_to(person, "address-new", address=email, id=str(change.id))
    else:
        contact = get_service(Settings).contact_email
        commands.queue_mail_to(holder, "address-taken", name=holder.name, contact=contact)
    return change


def confirm_address_change(change_id: UUID, side: AddressSide) -> bool:
    """Confirm from one address; return whether both have, so that the address is changed.

    Raises `NotFound` unless the change is pending, `RuleBroken` if the new address has an account
    by now.
    """
    change, person = _lock_address_change(change_id)
    actor = Actor(person.id, {})
    if side is AddressSide.OLD:
        change.old_confirmed_at = change.old_confirmed_at or clock.now()
    else:
        change.new_confirmed_at = change.new_confirmed_at or clock.now()
    audit.record(actor, CONFIRMED, change, scope_id=None, facts={"side": side})
    if change.old_confirmed_at is None or change.new_confirmed_at is None:
        return False
    _apply_address_change(actor, change, person)
    return True


def _apply_address_change(actor: Actor, change: AddressChange, person: Person) -> None:
    if queries.find_person_by_email(change.email):
        raise RuleBroken(None, _("Cette adresse a un compte depuis peu : elle ne peut plus servir."))
    change.applied_at = clock.now()  # no longer pending, so that it is not cancelled below
    commands.queue_mail_to(person, "address-changed", name=person.name, email=change.email)
    changes = {"email": (person.email, change.email)}  # beside the trail: an erasure looks for both
    person.email = change.email
    commands.end_sessions(person, keep_session_id=change.session_id)
    commands.revoke_mail_links(person)  # such as a password reset sent to the old address
    audit.record(actor, CHANGED, person, scope_id=None, changes=changes)


def cancel_address_change(actor: Actor, person: Person) -> None:
    """Cancel the person's pending change, if any."""
    require(policy.can_edit_profile(actor, person))
    change = queries.find_own_address_change(actor)
    if change is not None:
        change.cancelled_at = clock.now()
        audit.record(actor, CANCELLED, change, scope_id=None)


def refuse_address_change(change_id: UUID) -> None:
    """Refuse the change from the old address and end all sessions: somebody knows the password.

    Raises `NotFound` unless the change is pending.
    """
    change, person = _lock_address_change(change_id)
    change.cancelled_at = clock.now()
    commands.end_sessions(person)
    audit.record(Actor(person.id, {}), REFUSED, change, scope_id=None)


def _lock_address_change(change_id: UUID) -> tuple[AddressChange, Person]:
    """Lock a pending change and reload it."""
    lock_row(AddressChange, change_id)
    change, person = queries.get_address_change_and_person(change_id)
    reload_row(change)
    return change, person
