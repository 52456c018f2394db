"""Prove who is there: at the sign-in, and again before acts that matter."""

from dataclasses import dataclass
from uuid import UUID

from portal.people.accounts.models import Person, SignedInPerson
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.accounts.session_commands import record_failed_factor, record_session_proof
from portal.people.second_factor import queries
from portal.people.second_factor.commands import find_usable_code_step
from portal.people.second_factor.passkey_commands import PROVE, RelyingParty, find_passkey_signer
from portal.platform.kernel import clock
from portal.platform.kernel.database import lock_row
from portal.platform.kernel.secret_box import SecretBox


@dataclass(frozen=True)
class Proof:
    """What was sent as a proof: a one-time code, a passkey's signature, or a password."""

    code: str = ""
    credential: str = ""
    password: str = ""
    request_id: UUID | None = None  # of the challenge that the passkey signed


@dataclass(frozen=True)
class ProofServices:
    """The services that check a proof."""

    box: SecretBox
    passwords: PortalPasswordHasher
    party: RelyingParty


def accept_proof(signed_in: SignedInPerson, proof: Proof, checks: ProofServices) -> SignedInPerson | None:
    """Prove a session by the second factor, or by the password without one.

    None, and a line in the trail, for a proof that does not hold.
    """
    person = signed_in.person
    lock_row(Person, person.id)  # so that a code is accepted once
    # Two factors at a provider are not proved again by a password.
    factor = (
        None
        if signed_in.session.federated_proof and not person.second_factor_at
        else (_find_proved_factor(person, proof, checks))
    )
    if factor is None:
        record_failed_factor(person, "second factor" if person.second_factor_at else "password")
        return None
    return record_session_proof(signed_in, factor)


def _find_proved_factor(person: Person, proof: Proof, checks: ProofServices) -> str | None:
    """Name the kind of a proof that holds."""
    if person.second_factor_at is None:
        return "password" if checks.passwords.matches(person.password_hash, proof.password) else None
    if proof.credential:
        owner = find_passkey_signer(PROVE, proof.credential, proof.request_id, checks.party, person)
        return "passkey" if owner is not None else None
    secret = queries.get_factors(person).one_time_secret
    step = find_usable_code_step(secret, proof.code, checks.box) if secret else None
    if secret is None or step is None:
        return None
    secret.last_step, secret.last_used_at = step, clock.now()
    return "code"
