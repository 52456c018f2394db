"""What a checked sign-in at ProConnect does: open a session, link an account, or wait.

Accounts are found by issuer and subject alone. A known address with another subject opens nothing
and overwrites nothing: its person signs in as usual, then links both.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.people.accounts import commands as accounts
from portal.people.accounts import queries as people
from portal.people.accounts.device_rules import Device
from portal.people.accounts.models import EMAIL_MAX, Person, SignedInPerson, SignInChallenge
from portal.people.accounts.session_commands import (
    add_sign_in_challenge,
    record_session_proof,
    use_up_sign_in_challenge,
)
from portal.people.proconnect import policy, queries
from portal.people.proconnect.models import FederatedIdentity
from portal.people.proconnect.token_rules import ProviderIdentity
from portal.people.programmes.commands import open_invited_account_without_password
from portal.people.programmes.queries import actor_for, is_invitation_for_email
from portal.people.second_factor.policy import is_second_factor_demanded, needs_fresh_proof
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.settings import ProConnect
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import new_token

SIGN_IN, PENDING = "proconnect", "proconnect-link"  # purposes of requests

LINKED = audit.Action("proconnect.linked")
UNLINKED = audit.Action("proconnect.unlinked")
MAIL = "proconnect-link"


class ReturnOutcome(StrEnum):
    """What a return from the provider leads to."""

    SIGNED_IN = "signed_in"
    NEEDS_MFA = "needs_mfa"  # the provider is asked again for two factors
    LINKED = "linked"
    KNOWN_ADDRESS = "known_address"  # of an account that another subject, or none, opens
    UNKNOWN = "unknown"  # an invitation is needed
    OTHER_ADDRESS = "other_address"  # the invitation under way is for another address
    CLOSED = "closed"
    REPLAYED = "replayed"
    SESSION_ENDED = "session_ended"  # that of the portal, which asked for a link or a proof
    OTHER_PERSON = "other_person"  # a proof by whom the portal's session is not
    ONE_FACTOR = "one_factor"  # a proof that the provider made by one factor alone
    STALE = "stale"  # a proof that the provider made long ago


@dataclass(frozen=True)
class ProviderReturnResult:
    """The outcome, with the session that was opened or the request that waits."""

    outcome: ReturnOutcome
    signed_in: SignedInPerson | None = None
    pending_id: UUID | None = None
    email: str = ""
    is_new: bool = False  # an invitation opened the account


@dataclass(frozen=True)
class ProviderReturnContext:
    """The request that the return answers, and what decides about it."""

    request_id: UUID
    state: str
    settings: ProConnect
    demanding_roles: Collection[str]
    box: SecretBox
    device: Device
    locale: str
    current: SignedInPerson | None = None  # the session of this browser


def resolve_provider_return(
    identity: ProviderIdentity, context: ProviderReturnContext, actor: Actor | None
) -> ProviderReturnResult:
    """Use up the request and do what it was made for."""
    request = use_up_sign_in_challenge(context.request_id, SIGN_IN, context.state)
    if request is None:
        return ProviderReturnResult(ReturnOutcome.REPLAYED)
    aim, facts = request.facts["aim"], request.facts
    if aim == "link":
        return _link_own_account(identity, request, actor)
    linked = queries.find_linked_identity(identity.issuer, identity.subject)
    if aim == "prove":
        return _prove_session_again(linked[1] if linked else None, identity, context)
    if linked is not None:
        return _open_linked_session(linked[0], linked[1], identity, context, asked_mfa=facts["mfa"] == "1")
    return _resolve_unlinked_identity(identity, context, UUID(hex=facts["offer"]) if facts["offer"] else None)


def _resolve_unlinked_identity(
    identity: ProviderIdentity, context: ProviderReturnContext, offer_id: UUID | None
) -> ProviderReturnResult:
    """An identity that opens no account yet: the invitation of its own address makes one."""
    account = _find_account_by_email(identity.email)
    if account is not None and account.disabled_at is not None:
        return ProviderReturnResult(ReturnOutcome.CLOSED)
    if offer_id is not None and account is None:
        if not is_invitation_for_email(offer_id, identity.email):
            return ProviderReturnResult(ReturnOutcome.OTHER_ADDRESS)
        return _open_invited_account(offer_id, identity, context)
    outcome = ReturnOutcome.KNOWN_ADDRESS if account else ReturnOutcome.UNKNOWN
    pending_id = _store_pending_identity(identity, account, context.box)
    return ProviderReturnResult(outcome, pending_id=pending_id, email=identity.email)


def _find_account_by_email(email: str) -> Person | None:
    """The account of an address that the provider names; "" is nobody's."""
    return people.find_person_by_email(email) if email else None


def _link_own_account(
    identity: ProviderIdentity, request: SignInChallenge, actor: Actor | None
) -> ProviderReturnResult:
    """Link the account of whoever asked for it, if they are still signed in here."""
    if actor is None or request.person_id != actor.person_id:
        return ProviderReturnResult(ReturnOutcome.SESSION_ENDED)
    link_identity(actor, people.get_own_person(actor), identity.issuer, identity.subject, identity.email)
    return ProviderReturnResult(ReturnOutcome.LINKED)


def _open_linked_session(
    linked: FederatedIdentity,
    person: Person,
    identity: ProviderIdentity,
    context: ProviderReturnContext,
    *,
    asked_mfa: bool,
) -> ProviderReturnResult:
    """Open a session of a linked person; without two factors there, the portal's gate asks its own."""
    if not people.lock_and_check_open_account(person.id, person.password_hash):
        return ProviderReturnResult(ReturnOutcome.CLOSED)
    has_mfa = identity.acr in context.settings.mfa_acr_values
    demanded = is_second_factor_demanded(actor_for(person.id), context.demanding_roles)
    if demanded and not has_mfa and not asked_mfa:
        return ProviderReturnResult(ReturnOutcome.NEEDS_MFA, email=identity.email)
    linked.last_used_at = clock.now()
    _fill_missing_link_email(linked, identity.email)
    signed_in = accounts.open_session(person, context.device)
    signed_in.session.closed_id_token = context.box.close(identity.id_token)
    if has_mfa:
        signed_in.session.federated_proof = True
        signed_in = record_session_proof(signed_in, "proconnect", at=_get_proof_moment(identity))
    elif person.second_factor_at is None:
        signed_in.session.proved_at = _get_proof_moment(identity)
    return ProviderReturnResult(ReturnOutcome.SIGNED_IN, signed_in)


def _fill_missing_link_email(linked: FederatedIdentity, email: str) -> None:
    """Name a link that was made before addresses were stored, by what the provider says now."""
    if not linked.email and email:
        linked.email = email[:EMAIL_MAX]


def _get_proof_moment(identity: ProviderIdentity) -> datetime:
    """When the person gave a proof at the provider, whose session may be hours old; now where it does
    not say."""
    return min(identity.signed_in_at or clock.now(), clock.now())


def _prove_session_again(
    owner: Person | None, identity: ProviderIdentity, context: ProviderReturnContext
) -> ProviderReturnResult:
    """Prove the session of this browser anew, by two factors at the provider."""
    current = context.current
    if current is None:
        return ProviderReturnResult(ReturnOutcome.SESSION_ENDED)
    if owner is None or owner.id != current.person.id:
        return ProviderReturnResult(ReturnOutcome.OTHER_PERSON)
    if identity.acr not in context.settings.mfa_acr_values:
        return ProviderReturnResult(ReturnOutcome.ONE_FACTOR)
    if identity.signed_in_at is not None and needs_fresh_proof(identity.signed_in_at, clock.now()):
        return ProviderReturnResult(ReturnOutcome.STALE)
    return ProviderReturnResult(
        ReturnOutcome.SIGNED_IN, record_session_proof(current, "proconnect", at=_get_proof_moment(identity))
    )


def _open_invited_account(
    offer_id: UUID, identity: ProviderIdentity, context: ProviderReturnContext
) -> ProviderReturnResult:
    """Open the account of an invitation, without a password, and link it."""
    person = open_invited_account_without_password(offer_id, identity.name, context.locale)
    flush_session()
    linked = _add_identity_link(
        Actor(person.id, {}), person, identity.issuer, identity.subject, identity.email
    )
    return replace(_open_linked_session(linked, person, identity, context, asked_mfa=True), is_new=True)


def _store_pending_identity(identity: ProviderIdentity, account: Person | None, box: SecretBox) -> UUID:
    """Keep an identity until its person proves an account: that of its address, if there is one."""
    facts = {
        "issuer": identity.issuer,
        "subject": identity.subject,
        "email": identity.email,
        "id_token": box.close(identity.id_token),
    }
    return add_sign_in_challenge(PENDING, new_token(), person_id=account.id if account else None, facts=facts)


def link_pending_identity(actor: Actor, pending_id: UUID | None) -> None:
    """Link what was just proved at the provider to the signed-in person's account.

    Raises `RuleBroken` when nothing waits any more, or when it is of another account, itself or its address.
    """
    person = people.get_own_person(actor)
    lock_row(Person, person.id)
    pending = queries.find_pending_link(pending_id, PENDING) if pending_id else None
    if pending is None:
        raise RuleBroken(
            None,
            _(
                "Aucun compte ProConnect n’attend d’être relié ici : il l’est déjà, ou plus de dix minutes "
                "ont passé. Identifiez-vous de nouveau avec ProConnect."
            ),
        )
    pending.used_at = clock.now()
    facts = pending.facts
    link_identity(actor, person, facts["issuer"], facts["subject"], facts.get("email", ""))


def link_identity(actor: Actor, person: Person, issuer: str, subject: str, email: str) -> None:
    """Let a subject open the account of the person who acts; nothing else is changed.

    Raises `RuleBroken` if it opens another account, or if its address is that of another account.
    """
    require(policy.can_link(actor, person))
    linked = queries.find_linked_identity(issuer, subject)
    if linked is not None and linked[1].id != person.id:
        raise RuleBroken(None, _("Ce compte ProConnect ouvre déjà un autre compte du portail."))
    account = _find_account_by_email(email)
    if account is not None and account.id != person.id:
        raise RuleBroken(
            None,
            _("L’adresse de ce compte ProConnect, %(email)s, a son propre compte du portail.", email=email),
        )
    if linked is None:
        _add_identity_link(actor, person, issuer, subject, email)
    else:
        _fill_missing_link_email(linked[0], email)


def _add_identity_link(
    actor: Actor, person: Person, issuer: str, subject: str, email: str
) -> FederatedIdentity:
    linked = FederatedIdentity(
        person_id=person.id, issuer=issuer, subject=subject, email=email[:EMAIL_MAX] or None
    )
    db.session.add(linked)
    audit.record(actor, LINKED, person, scope_id=None)
    queue_identity_link_letter(person, "linked")
    return linked


def queue_identity_link_letter(person: Person, change: str) -> None:
    """Queue the letter about an account at ProConnect that was `linked` or `unlinked`."""
    accounts.queue_mail_to(person, MAIL, name=person.name, change=change, at=clock.now().isoformat())


def unlink_identity(actor: Actor, identity: FederatedIdentity) -> None:
    """End a link. Raises `RuleBroken` if nothing else opens the account."""
    require(policy.can_unlink(actor, identity))
    person = people.get_own_person(actor)
    lock_row(Person, person.id)
    others = [each for each in queries.list_own_identities(actor) if each.id != identity.id]
    if person.password_hash is None and not others:
        raise RuleBroken(None, _("C’est votre seule façon d’entrer : ce lien reste."))
    db.session.delete(identity)
    audit.record(actor, UNLINKED, person, scope_id=None)
    queue_identity_link_letter(person, "unlinked")
