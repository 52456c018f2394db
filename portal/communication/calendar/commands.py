"""Create and revoke a person's calendar link. The audit trail records only that it happened."""

from portal.communication.calendar import queries
from portal.communication.calendar.models import CalendarLink
from portal.people.accounts.queries import get_own_profile
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.tokens import new_token, token_hash

CREATED = audit.Action("calendar_link.made")
REVOKED = audit.Action("calendar_link.revoked")


def create_link(actor: Actor) -> str:
    """Create or replace the actor's link; returns its token, which is not stored."""
    person, token = get_own_profile(actor), new_token()
    link = queries.find_link(actor)
    if link is None:
        link = CalendarLink(person_id=person.id, token_hash=token_hash(token))
        db.session.add(link)
    link.token_hash, link.created_at = token_hash(token), clock.now()
    flush_session()
    audit.record(actor, CREATED, person, scope_id=None)
    return token


def revoke_link(actor: Actor) -> None:
    """Delete the actor's link; idempotent."""
    link = queries.find_link(actor)
    if link is None:
        return
    db.session.delete(link)
    flush_session()
    audit.record(actor, REVOKED, get_own_profile(actor), scope_id=None)
