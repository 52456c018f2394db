"""Permissions on personal data.

People take their own away, which nobody else sees, and ask for its erasure, which an administrator
other than themselves carries out.
"""

from sqlalchemy import ColumnElement

from portal.people.accounts import policy as accounts
from portal.people.accounts.models import Person
from portal.people.privacy.erasure_models import Erasure
from portal.people.privacy.models import DataExport
from portal.platform.kernel.access import Actor, Role

MUST_BE_HANDED_OVER = (Role.TEAM_LEAD, Role.PROGRAMME_LEAD, Role.ADMINISTRATOR)


def can_export(actor: Actor, person: Person) -> bool:
    return actor.person_id == person.id


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The actor's own exports."""
    return DataExport.person_id == actor.person_id


def can_ask_erasure(actor: Actor, person: Person) -> bool:
    return actor.person_id == person.id or can_erase(actor, person)


def can_erase(actor: Actor, person: Person) -> bool:
    """Tell whether the actor may decide on and carry out a person's erasure."""
    return accounts.can_manage_people(actor) and actor.person_id != person.id


def can_withdraw_erasure(actor: Actor, erasure: Erasure) -> bool:
    return actor.person_id == erasure.person_id or accounts.can_manage_people(actor)


def can_list_erasures(actor: Actor) -> bool:
    return accounts.can_manage_people(actor)


def can_set_retention(actor: Actor) -> bool:
    return accounts.can_manage_people(actor)
