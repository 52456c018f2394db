"""Changing the address of an account: asked with the password, confirmed from both addresses."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from portal.people.accounts import commands, policy, queries
from portal.people.accounts.models import AddressChange, Person, SignedIn
from portal.people.accounts.password_rules import Passwords
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _

LINK_LIFE = timedelta(hours=24)

REQUESTED = audit.Action("person.asked_address")
CONFIRMED = audit.Action("person.confirmed_address")
CHANGED = audit.Action("person.changed_address")
CANCELLED = audit.Action("person.cancelled_address")
REFUSED = audit.Action("person.refused_address")


class AddressSide(StrEnum):
    """Which letter a link stands in."""

    OLD = "old"
    NEW = "new"


def request_address_change(
    actor: Actor, signed_in: SignedIn, email: str, current: str, passwords: Passwords
) -> AddressChange:
    """Write to both addresses; an earlier wish is forgotten.

    An address that has an account already is written to as well, and told so: whoever asks sees no
    difference. Raises `RuleBroken` on `current_password` or `email`.
    """
    person, email = signed_in.person, email.strip().lower()
    require(policy.can_edit_profile(actor, person))
    commands.check_current_password(person, current, passwords)
    if email == person.email:
        raise RuleBroken("email", _("C’est déjà votre adresse."))
    commands.revoke_mail_links(person)
    change = AddressChange(
        person_id=person.id,
        session_id=signed_in.session.id,
        email=email,
        expires_at=clock.now() + LINK_LIFE,
    )
    db.session.add(change)
    # Addresses are personal: the trail says that one changes, not from what to what.
    audit.record(actor, REQUESTED, change, scope_id=None)
    commands.queue_mail_to(person, "address-old", id=str(change.id), name=person.name, email=email)
    holder = queries.find_person_by_email(email)
    if holder is None:
        commands.queue_mail_to(person, "address-new", address=email, id=str(change.id))
    else:
        commands.queue_mail_to(holder, "address-taken", name=holder.name)
    return change


def confirm_address(change_id: UUID, side: AddressSide) -> bool:
    """One address says yes; whether both have now, and the address is changed.

    Raises `NotFound` when the change no longer waits, `RuleBroken` when the address was taken in
    between.
    """
    change, person = _lock_address_change(change_id)
    speaker = Actor(person.id, {})
    if side is AddressSide.OLD:
        change.old_confirmed_at = change.old_confirmed_at or clock.now()
    else:
        change.new_confirmed_at = change.new_confirmed_at or clock.now()
    audit.record(speaker, CONFIRMED, change, scope_id=None, facts={"side": side})
    if change.old_confirmed_at is None or change.new_confirmed_at is None:
        return False
    _apply_address_change(speaker, change, person)
    return True


def _apply_address_change(speaker: Actor, change: AddressChange, person: Person) -> None:
    if queries.find_person_by_email(change.email):
        raise RuleBroken(
            None, _("Cette adresse a un compte depuis peu : elle ne peut plus servir.")
        )
    change.applied_at = clock.now()
    flush_session()  # before the other links end
    commands.queue_mail_to(person, "address-changed", name=person.name, email=change.email)
    person.email = change.email
    commands.end_sessions(person, keep_session_id=change.session_id)
    commands.revoke_mail_links(person)  # a new password asked for at the old address
    audit.record(speaker, CHANGED, person, scope_id=None)


def cancel_address_change(actor: Actor, person: Person) -> None:
    """The person thinks better of it. Nothing waits any more, nor did it if it was done already."""
    require(policy.can_edit_profile(actor, person))
    change = queries.find_own_address_change(actor)
    if change is not None:
        change.cancelled_at = clock.now()
        audit.record(actor, CANCELLED, change, scope_id=None)


def refuse_address_change(change_id: UUID) -> None:
    """The old address says that it was somebody else, who then knows the password: all ends."""
    change, person = _lock_address_change(change_id)
    change.cancelled_at = clock.now()
    commands.end_sessions(person)
    audit.record(Actor(person.id, {}), REFUSED, change, scope_id=None)


def _lock_address_change(change_id: UUID) -> tuple[AddressChange, Person]:
    """Keep others from deciding the same change; what is read then is what they left."""
    lock_row(AddressChange, change_id)
    change, person = queries.get_address_change(change_id)
    db.session.refresh(change)
    return change, person
