"""Permissions on personal data: people take their own away; nobody else sees an export."""

from sqlalchemy import ColumnElement

from portal.people.accounts.models import Person
from portal.people.privacy.models import DataExport
from portal.platform.kernel.access import Actor


def can_export(actor: Actor, person: Person) -> bool:
    return actor.person_id == person.id


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The actor's own exports."""
    return DataExport.person_id == actor.person_id
