"""Set a term of retention, for the installation or a programme."""

from uuid import UUID

from portal.people.privacy import policy
from portal.people.privacy import retention_queries as queries
from portal.people.privacy.retention_labels import preview_sentence
from portal.people.privacy.retention_models import RetentionTerm
from portal.people.privacy.retention_queries import TermKind
from portal.people.programmes.models import Scope
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import Conflict, RuleBroken

CHANGED = audit.Action("retention.changed")


def set_term(
    actor: Actor, kind: TermKind, scope_id: UUID, days: int, version: int, *, seen: int | None
) -> None:
    """Set a term in days; `seen` is the one whose effect the actor read.

    Raises `Conflict` when somebody changed it meanwhile (0: it had no row), and `RuleBroken` on `days`
    with what it would erase, and whom tell, until the actor has read that.
    """
    require(policy.can_set_retention(actor))
    preview = queries.preview_term(kind, scope_id, days)
    if preview.touches and seen != days:
        raise RuleBroken("days", preview_sentence(preview))
    lock_row(Scope, scope_id)
    term = queries.find_term(kind, scope_id)
    if version != (term.version if term else 0):
        raise Conflict
    before = term.days if term else kind.days
    if term is None:
        term = RetentionTerm(scope_id=scope_id, key=kind.key, days=days)
        db.session.add(term)
    term.days = days
    facts = {"key": kind.key}
    audit.record(actor, CHANGED, term, scope_id=None, facts=facts, changes={"days": (before, days)})
