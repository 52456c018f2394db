"""Remove somebody's factors: two administrators together, or the command line."""

from datetime import timedelta

from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.second_factor import policy, queries
from portal.people.second_factor.commands import remove_all_factors
from portal.people.second_factor.models import FactorReset
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.text import gettext as _

REQUEST_LIFE = timedelta(days=2)

REQUESTED = audit.Action("second_factor.reset_asked")
APPLIED = audit.Action("second_factor.reset")
APPLIED_ON_MACHINE = audit.Action("second_factor.reset_on_machine")
REFUSED = audit.Action("second_factor.reset_refused")
WITHDRAWN = audit.Action("second_factor.reset_withdrawn")
MAIL = "factor-reset"  # the letter about a request; its fact `change` says what became of it


def request_factor_reset(actor: Actor, person: Person) -> FactorReset:
    """Ask another administrator to remove a person's factors; the person and the others are told.

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
    _record_reset_act(actor, REQUESTED, person)
    _queue_reset_letter(actor, person, "asked")
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
    """Refuse a request, or withdraw one's own; the person is told. Raises `Overtaken` without one."""
    require(policy.can_request_reset(actor, person))
    reset = _lock_reset(person)
    reset.ended_at = clock.now()
    is_own = reset.requested_by_id == actor.person_id
    _record_reset_act(actor, WITHDRAWN if is_own else REFUSED, person)
    _queue_reset_letter(actor, person, "withdrawn" if is_own else "refused")


def _record_reset_act(actor: Actor, action: audit.Action, person: Person) -> None:
    facts = {"person_id": person.id, "path": f"/people/{person.id}/second-factor"}
    audit.record(actor, action, person, scope_id=None, facts=facts)


def _queue_reset_letter(actor: Actor, person: Person, change: str) -> None:
    """Queue the letter about a request, which changes nothing by itself."""
    names = read_person_names([actor.person_id])
    facts = {"change": change, "by": names[actor.person_id], "at": clock.now().isoformat()}
    accounts.queue_mail_to(person, MAIL, name=person.name, **facts)


def _lock_reset(person: Person) -> FactorReset:
    lock_row(Person, person.id)
    reset = queries.find_waiting_reset(person.id)
    if reset is None:
        raise Overtaken(_("Cette demande n’attend plus."))
    return reset


def reset_from_command_line(person: Person) -> None:
    """Remove a person's factors without a second administrator: there may be no other one."""
    end_expired_reset(person)
    remove_all_factors(None, person, APPLIED_ON_MACHINE)
