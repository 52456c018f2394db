"""Who must have a second factor, what a session still has to do, and who resets a factor."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from portal.people.accounts import policy as accounts
from portal.people.accounts.models import Person
from portal.people.second_factor.models import FactorReset
from portal.platform.kernel.access import Actor, Role

PROOF_LIFE = timedelta(minutes=15)  # before an act that matters asks again


class SignInStep(StrEnum):
    """What a session has to do before it opens anything."""

    PROVE = "prove"
    ENROL = "enrol"


def is_second_factor_demanded(actor: Actor, roles: Collection[str]) -> bool:
    """Tell whether one of the actor's roles, anywhere, demands a second factor."""
    return bool(roles) and bool(actor.scopes_with(*(Role(role) for role in roles)))


def lacks_demanded_factor(actor: Actor, person: Person, roles: Collection[str]) -> bool:
    """Tell whether nothing opens to a person, tokens and links included, before they enrol."""
    return person.second_factor_at is None and is_second_factor_demanded(actor, roles)


def find_sign_in_step(
    *, is_demanded: bool, has_second_factor: bool, proved_at: datetime | None, federated_proof: bool
) -> SignInStep | None:
    """What a session still has to do; None if it is open.

    `federated_proof`: a sign-in provider asked two factors, which a role's demand accepts.

    A role that is given later counts for the sessions that are open already.
    """
    if has_second_factor:
        return SignInStep.PROVE if proved_at is None else None
    return SignInStep.ENROL if is_demanded and not federated_proof else None


def needs_fresh_proof(proved_at: datetime | None, now: datetime) -> bool:
    """Tell whether an act that matters asks again."""
    return proved_at is None or proved_at < now - PROOF_LIFE


def can_manage_factors(actor: Actor, person: Person) -> bool:
    return accounts.can_edit_profile(actor, person)


def can_request_reset(actor: Actor, person: Person) -> bool:
    """Tell whether the actor may ask to remove somebody's factors: an administrator, not for oneself."""
    return accounts.can_disable(actor, person)


def can_apply_reset(actor: Actor, person: Person, reset: FactorReset) -> bool:
    """Tell whether the actor is the second administrator that a reset needs."""
    return can_request_reset(actor, person) and reset.requested_by_id != actor.person_id
