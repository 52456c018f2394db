"""Create and revoke a person's calendar link. The audit trail records only that it happened."""

from collections.abc import Collection

from portal.communication.calendar import queries
from portal.communication.calendar.models import CalendarLink
from portal.people.accounts.access_commands import PersonalTokenOrLink
from portal.people.accounts.models import Person
from portal.people.accounts.queries import get_own_person
from portal.people.second_factor.commands import require_demanded_factor
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import new_token, token_hash

CREATED = audit.Action("calendar_link.made")
REVOKED = audit.Action("calendar_link.revoked")
ACCESS_KEY = "calendar"


def create_or_replace_link(actor: Actor) -> str:
    """Create or replace the actor's link; returns its token, which is not stored.

    Raises `RuleBroken` if a role demands a second factor that the actor lacks.
    """
    require_demanded_factor(actor)
    person, token = get_own_person(actor), new_token()
    link = queries.find_own_link(actor)
    if link is None:
        link = CalendarLink(person_id=person.id, token_hash=token_hash(token))
        db.session.add(link)
    link.token_hash, link.created_at = token_hash(token), clock.now()
    flush_session()
    audit.record(actor, CREATED, person, scope_id=None)
    return token


def revoke_link(actor: Actor) -> None:
    """Delete the actor's link; idempotent."""
    revoke_calendar_access(actor, get_own_person(actor), keep=())


def list_calendar_links_giving_access(person: Person) -> list[PersonalTokenOrLink]:
    """The link of a person, to keep or to end."""
    has_link = queries.find_person_link(person.id) is not None
    return [PersonalTokenOrLink(ACCESS_KEY, _("Lien de calendrier"))] if has_link else []


def revoke_calendar_access(actor: Actor | None, person: Person, keep: Collection[str]) -> None:
    """Delete a person's link, unless its key is in `keep`."""
    link = queries.find_person_link(person.id)
    if link is None or ACCESS_KEY in keep:
        return
    db.session.delete(link)
    flush_session()
    audit.record(actor, REVOKED, person, scope_id=None)
