"""Passkeys (WebAuthn): challenges, registration, and the check of what a browser signed.

User verification (a PIN, a finger) is always required, so that a passkey is two factors by itself.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.people.accounts.models import Person, SignedInPerson
from portal.people.accounts.session_commands import add_sign_in_challenge, use_up_sign_in_challenge
from portal.people.second_factor import policy, queries
from portal.people.second_factor.commands import record_added_factor_and_end_access
from portal.people.second_factor.models import PASSKEYS_MAX, Passkey
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _

CREDENTIAL_MAX = 20_000  # characters of what a browser sends
REGISTER, SIGN_IN, PROVE = "passkey-register", "passkey-sign-in", "passkey-prove"


@dataclass(frozen=True)
class RelyingParty:
    """The host and origin for which passkeys are made, and the name that the browser shows."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True)
class PasskeyChallenge:
    """What the browser gets, and the id of the request that it answers."""

    options: dict[str, Any]
    request_id: UUID


def create_registration_challenge(actor: Actor, person: Person, party: RelyingParty) -> PasskeyChallenge:
    """Options for a new passkey of a person."""
    require(policy.can_manage_factors(actor, person))
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_id=person.id.bytes,
        user_name=person.email,
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_build_passkey_descriptors(queries.list_passkeys(person.id)),
    )
    return _store_challenge(REGISTER, options, options.challenge, person.id)


def create_proof_challenge(person: Person | None, party: RelyingParty) -> PasskeyChallenge:
    """Options for a signature by a passkey: of this person, or (None) of whoever signs in."""
    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=_build_passkey_descriptors(queries.list_passkeys(person.id)) if person else None,
    )
    return _store_challenge(
        PROVE if person else SIGN_IN, options, options.challenge, person.id if person else None
    )


def _build_passkey_descriptors(passkeys: Collection[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential_id)) for passkey in passkeys
    ]


def _store_challenge(
    purpose: str, options: Any, challenge: bytes, person_id: UUID | None
) -> PasskeyChallenge:
    request_id = add_sign_in_challenge(purpose, bytes_to_base64url(challenge), person_id=person_id)
    return PasskeyChallenge(options_to_json_dict(options), request_id)


@dataclass(frozen=True, kw_only=True)
class NewPasskey:
    """What a browser sent for a new passkey, and the id of the challenge that it answers."""

    name: str
    credential: str
    request_id: UUID | None


def add_passkey(
    actor: Actor, signed_in: SignedInPerson, new: NewPasskey, party: RelyingParty, keep: Collection[str]
) -> Passkey:
    """Store a new passkey. Raises `RuleBroken` when the browser's answer does not hold."""
    person = signed_in.person
    require(policy.can_manage_factors(actor, person))
    lock_row(Person, person.id)
    if len(queries.list_passkeys(person.id)) >= PASSKEYS_MAX:
        raise RuleBroken(None, _("Vous avez déjà %(n)s clés d’accès : retirez-en une.", n=PASSKEYS_MAX))
    challenge = _use_up_challenge(REGISTER, new.credential, new.request_id, person)
    try:
        verified = webauthn.verify_registration_response(
            credential=new.credential,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  malformed answers raise anything
        raise RuleBroken(None, _refusal_sentence()) from None
    credential_id = bytes_to_base64url(verified.credential_id)
    if queries.find_passkey(credential_id):
        raise RuleBroken(None, _("Cette clé d’accès sert déjà."))
    passkey = Passkey(
        person_id=person.id,
        name=new.name,
        credential_id=credential_id,
        public_key=bytes_to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
    )
    db.session.add(passkey)
    record_added_factor_and_end_access(actor, signed_in, "passkey", keep)
    return passkey


def find_passkey_signer(
    purpose: str, credential: str, request_id: UUID | None, party: RelyingParty, person: Person | None = None
) -> Person | None:
    """The person whose passkey signed the challenge of this browser; None for anything else."""
    try:
        challenge = _use_up_challenge(purpose, credential, request_id, person)
    except RuleBroken:
        return None
    passkey_and_person = queries.find_passkey(_credential_id(credential))
    if passkey_and_person is None or person not in {None, passkey_and_person[1]}:
        return None
    passkey, owner = passkey_and_person
    if owner.second_factor_at is None:  # counts only once a recovery code was typed
        return None
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001  malformed answers raise anything
        return None
    passkey.sign_count, passkey.last_used_at = verified.new_sign_count, clock.now()
    return owner


def _credential_id(credential: str) -> str:
    """The id in a browser's answer, which is JSON already; without a character no id has."""
    sent = json.loads(credential).get("id")
    return sent if isinstance(sent, str) and sent.isascii() and "\0" not in sent else ""


def _use_up_challenge(purpose: str, credential: str, request_id: UUID | None, person: Person | None) -> bytes:
    """The challenge that the browser signed, used up. Raises `RuleBroken` unless it is open."""
    try:
        client_data = base64url_to_bytes(json.loads(credential)["response"]["clientDataJSON"])
        challenge = str(json.loads(client_data)["challenge"])
    except Exception:  # noqa: BLE001  malformed answers raise anything
        raise RuleBroken(None, _refusal_sentence()) from None
    used = use_up_sign_in_challenge(request_id, purpose, challenge) if request_id else None
    if used is None or used.person_id != (person.id if person else None):
        raise RuleBroken(None, _refusal_sentence())
    return base64url_to_bytes(challenge)


def _refusal_sentence() -> str:
    return _("Cette clé d’accès n’a pas été reconnue. Réessayez.")
