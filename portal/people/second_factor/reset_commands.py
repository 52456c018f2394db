"""Remove somebody's factors: two administrators together, or the command line."""

from datetime import timedelta

from portal.people.accounts.models import Person
from portal.people.second_factor import policy, queries
from portal.people.second_factor.commands import remove_all_factors, tell
from portal.people.second_factor.models import FactorReset
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.text import gettext as _

REQUEST_LIFE = timedelta(days=2)

REQUESTED = audit.Action("second_factor.reset_asked")
APPLIED = audit.Action("second_factor.reset")
REFUSED = audit.Action("second_factor.reset_refused")


def request_reset(actor: Actor, person: Person) -> FactorReset:
    """Ask another administrator to remove a person's factors; the person is told.

    Raises `RuleBroken` if the person has none, `Overtaken` if a request waits already.
    """
    require(policy.can_request_reset(actor, person))
    lock_row(Person, person.id)
    if queries.get_factors(person).count == 0:
        raise RuleBroken(None, _("Cette personne n’a pas de second facteur."))
    if queries.find_waiting_reset(person.id) is not None:
        raise Overtaken(_("Un autre administrateur l’a déjà demandé."))
    end_expired_reset(person)
    reset = FactorReset(
        person_id=person.id, requested_by_id=actor.person_id, expires_at=clock.now() + REQUEST_LIFE
    )
    db.session.add(reset)
    audit.record(actor, REQUESTED, person, scope_id=None)
    tell(person, "reset_asked")
    return reset


def end_expired_reset(person: Person) -> None:
    """End a request that nobody confirmed in time, so that another one may be made."""
    for reset in queries.list_unended_resets(person.id):
        reset.ended_at = clock.now()
    flush_session()


def apply_reset(actor: Actor, person: Person) -> None:
    """Remove a person's factors, as the second administrator. Raises `Overtaken` without a request."""
    reset = _lock_reset(person)
    require(
        policy.can_apply_reset(actor, person, reset),
        _("Un second administrateur doit confirmer, pas celui qui a demandé."),
    )
    reset.ended_at = clock.now()
    remove_all_factors(actor, person, APPLIED)


def refuse_reset(actor: Actor, person: Person) -> None:
    """Refuse or withdraw a request. Raises `Overtaken` without one."""
    require(policy.can_request_reset(actor, person))
    _lock_reset(person).ended_at = clock.now()
    audit.record(actor, REFUSED, person, scope_id=None)


def _lock_reset(person: Person) -> FactorReset:
    lock_row(Person, person.id)
    reset = queries.find_waiting_reset(person.id)
    if reset is None:
        raise Overtaken(_("Cette demande n’attend plus."))
    return reset


def reset_from_command_line(person: Person) -> None:
    """Remove a person's factors without a second administrator: there may be no other one."""
    end_expired_reset(person)
    remove_all_factors(None, person, APPLIED)
