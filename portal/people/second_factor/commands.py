"""Commands on one's own second factors: enrol, add, remove, recover."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete

from portal.people.accounts import commands as accounts
from portal.people.accounts.access_commands import revoke_personal_tokens_and_links
from portal.people.accounts.models import Person, SignedInPerson
from portal.people.accounts.queries import get_own_person
from portal.people.accounts.session_commands import record_session_proof
from portal.people.second_factor import policy, queries
from portal.people.second_factor.code_rules import (
    RECOVERY_CODES,
    find_code_time_step,
    new_recovery_code,
    new_secret,
    normalize_recovery_code,
)
from portal.people.second_factor.models import OneTimeSecret, Passkey, RecoveryCode
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import token_hash

ENROLLED = audit.Action("second_factor.enrolled")
ADDED = audit.Action("second_factor.added")
REMOVED = audit.Action("second_factor.removed")
RENEWED_CODES = audit.Action("second_factor.new_codes")
RECOVERED = audit.Action("second_factor.recovered")
MAIL = "second-factor"  # the letter about every change; its fact `change` says which


def start_one_time_codes(actor: Actor, person: Person, box: SecretBox) -> OneTimeSecret:
    """Make a new secret that waits for its first code. Raises `RuleBroken` if one is in use."""
    require(policy.can_manage_factors(actor, person))
    lock_row(Person, person.id)
    secret = queries.find_one_time_secret(person.id)
    if secret is not None and secret.confirmed_at is not None:
        raise RuleBroken(None, _("Vous avez déjà une application de codes : retirez-la d’abord."))
    if secret is None:
        secret = OneTimeSecret(person_id=person.id)
        db.session.add(secret)
    secret.closed_secret, secret.created_at = box.close(new_secret()), clock.now()
    flush_session()
    return secret


def confirm_one_time_codes(
    actor: Actor, signed_in: SignedInPerson, typed_code: str, box: SecretBox, keep: Collection[str]
) -> None:
    """Take the pending secret into use by its first code. Raises `RuleBroken` on `code`."""
    person = signed_in.person
    require(policy.can_manage_factors(actor, person))
    lock_row(Person, person.id)
    secret = queries.find_one_time_secret(person.id)
    step = find_usable_code_step(secret, typed_code, box) if secret is not None else None
    if secret is None or step is None:
        raise RuleBroken("code", _("Ce code n’est pas le bon. Tapez celui que l’application affiche."))
    secret.confirmed_at = secret.last_used_at = clock.now()
    secret.last_step = step
    record_added_factor_and_end_access(actor, signed_in, "codes", keep)


def find_usable_code_step(secret: OneTimeSecret, typed_code: str, box: SecretBox) -> int | None:
    """The time step of a typed code that may still be used; None for any other text."""
    opened_secret = box.open(secret.closed_secret)
    if opened_secret is None:  # closed under a key of the installation that was forgotten
        return None
    return find_code_time_step(opened_secret, typed_code, clock.now(), secret.last_step)


def record_added_factor_and_end_access(
    actor: Actor, signed_in: SignedInPerson, factor: str, keep: Collection[str]
) -> None:
    """After a factor was added: in the trail; beside others, end previous access and say so by mail.

    The first one counts only once a recovery code was typed (`finish_enrolment`).
    """
    person = signed_in.person
    audit.record(actor, ADDED, person, scope_id=None, facts={"factor": factor})
    if person.second_factor_at is not None:
        _end_previous_access(actor, person, signed_in.session.id, keep)
        queue_factor_letter(person, "added")


def renew_recovery_codes(actor: Actor, person: Person) -> list[str]:
    """Replace the recovery codes; return the new ones, which are not stored.

    Raises `RuleBroken` without any factor.
    """
    require(policy.can_manage_factors(actor, person))
    lock_row(Person, person.id)
    if queries.get_factors(person).count == 0:
        raise RuleBroken(None, _("Ajoutez d’abord une application de codes ou une clé d’accès."))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = [new_recovery_code() for _number in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(person_id=person.id, code_hash=token_hash(code)) for code in codes)
    audit.record(actor, RENEWED_CODES, person, scope_id=None)
    if person.second_factor_at is not None:
        queue_factor_letter(person, "new_codes")
    return codes


def finish_enrolment(
    actor: Actor, signed_in: SignedInPerson, typed_code: str, keep: Collection[str]
) -> SignedInPerson:
    """Ask for the second factor from now on, once one recovery code was typed; it stays usable.

    Ends other sessions, tokens and links. Raises `RuleBroken` on `code`.
    """
    person = signed_in.person
    require(policy.can_manage_factors(actor, person))
    lock_row(Person, person.id)
    code = queries.find_unused_recovery_code(person.id, normalize_recovery_code(typed_code))
    if code is None or queries.get_factors(person).count == 0:
        raise RuleBroken("code", _("Ce n’est pas un de vos codes de secours."))
    if person.second_factor_at is None:
        person.second_factor_at = clock.now()
        audit.record(actor, ENROLLED, person, scope_id=None)
        _end_previous_access(actor, person, signed_in.session.id, keep)
        queue_factor_letter(person, "enrolled")
    return record_session_proof(signed_in, "enrolment")


def require_demanded_factor(actor: Actor) -> None:
    """Raise `RuleBroken` if what the actor makes would be shut: a role demands a factor, they have none.

    Two factors at a sign-in provider open a session, not what works without one.
    """
    if policy.lacks_demanded_factor(actor, get_own_person(actor), get_service(Settings).second_factor_roles):
        raise RuleBroken(
            None,
            _(
                "Votre rôle demande un second facteur du portail : sans lui, cela n’ouvrirait rien. "
                "Ajoutez-en un depuis votre profil, « Mon second facteur »."
            ),
        )


def remove_one_time_codes(
    actor: Actor, signed_in: SignedInPerson, *, is_demanded: bool, keep: Collection[str]
) -> bool:
    """Remove the application of one-time codes; tell whether it was the last factor.

    Raises `RuleBroken` if a role demands another one.
    """
    lock_row(Person, signed_in.person.id)
    secret = queries.find_one_time_secret(signed_in.person.id)
    if secret is None:
        return False
    return _remove_factor(actor, signed_in, secret, "codes", is_demanded=is_demanded, keep=keep)


def remove_passkey(
    actor: Actor, signed_in: SignedInPerson, passkey: Passkey, *, is_demanded: bool, keep: Collection[str]
) -> bool:
    """The same for a passkey."""
    lock_row(Person, signed_in.person.id)
    return _remove_factor(actor, signed_in, passkey, "passkey", is_demanded=is_demanded, keep=keep)


def _remove_factor(
    actor: Actor,
    signed_in: SignedInPerson,
    row: OneTimeSecret | Passkey,
    factor: str,
    *,
    is_demanded: bool,
    keep: Collection[str],
) -> bool:
    person = signed_in.person
    require(policy.can_manage_factors(actor, person))
    is_only_one = queries.get_factors(person).count <= 1
    if is_only_one and is_demanded:
        raise RuleBroken(None, _("Votre rôle demande un second facteur : ajoutez-en un autre d’abord."))
    db.session.delete(row)
    if is_only_one:
        _forget_enrolment(person)
    audit.record(actor, REMOVED, person, scope_id=None, facts={"factor": factor})
    _end_previous_access(actor, person, signed_in.session.id, keep)
    queue_factor_letter(person, "removed")
    return is_only_one


def sign_in_by_recovery_code(signed_in: SignedInPerson, typed_code: str) -> SignedInPerson | None:
    """Sign in by a recovery code; None for a wrong one.

    Whoever has the lost phone must not get in: removes all factors and codes, and ends the other
    sessions, tokens and links.
    """
    person = signed_in.person
    lock_row(Person, person.id)
    code = queries.find_unused_recovery_code(person.id, normalize_recovery_code(typed_code))
    if code is None:
        return None
    proved = record_session_proof(signed_in, "recovery code")
    remove_all_factors(Actor(person.id, {}), person, RECOVERED, keep_session_id=signed_in.session.id)
    return proved


def remove_all_factors(
    actor: Actor | None, person: Person, action: audit.Action, *, keep_session_id: UUID | None = None
) -> None:
    """Remove all factors of a person and end sessions, tokens and links; the caller may do this.

    The person is told by mail; `action` names the cause in the trail.
    """
    db.session.execute(delete(OneTimeSecret).where(OneTimeSecret.person_id == person.id))
    db.session.execute(delete(Passkey).where(Passkey.person_id == person.id))
    _forget_enrolment(person)
    audit.record(actor, action, person, scope_id=None)
    _end_previous_access(actor, person, keep_session_id, ())
    queue_factor_letter(person, action.code.rpartition(".")[2])


def _forget_enrolment(person: Person) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    person.second_factor_at = None


def _end_previous_access(
    actor: Actor | None, person: Person, keep_session_id: UUID | None, keep: Collection[str]
) -> None:
    accounts.end_sessions(person, keep_session_id=keep_session_id)
    revoke_personal_tokens_and_links(actor, person, keep=keep)


def queue_factor_letter(person: Person, change: str) -> None:
    """Queue the letter about a change of a person's factors."""
    accounts.queue_mail_to(person, MAIL, name=person.name, change=change, at=clock.now().isoformat())
