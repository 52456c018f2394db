"""Set a term of retention, for the installation or a programme."""

from uuid import UUID

from portal.people.privacy import policy
from portal.people.privacy import retention_queries as queries
from portal.people.privacy.retention_labels import describe_term_preview
from portal.people.privacy.retention_models import RetentionRemovalCount, RetentionTerm
from portal.people.privacy.retention_preview_queries import preview_term
from portal.people.privacy.retention_queries import TermDefinition
from portal.people.programmes.models import Scope
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import Conflict, RuleBroken

CHANGED = audit.Action("retention.changed")


def add_removed_count(key: str, rows: int) -> None:
    """Count rows that the worker removed today for a term, in the current transaction."""
    today = clock.today()
    count = queries.find_removed_count(key, today)
    if count is None:
        db.session.add(RetentionRemovalCount(key=key, removed_on=today, rows=rows))
    else:
        count.rows += rows


def set_retention_term(
    actor: Actor,
    kind: TermDefinition,
    scope_id: UUID,
    days: int | None,
    version: int,
    *,
    previewed_days: int | None,
) -> None:
    """Set a term in days; `previewed_days` are those whose effect the actor read.

    None hands the term back: a programme follows the installation again, which follows the default.

    Raises `Conflict` when somebody changed it meanwhile (0: it had no row), and `RuleBroken` on `days`
    with what it would erase, and whom tell, or that it is shorter, until the actor has read that, or with
    the least that the kind allows.
    """
    require(policy.can_set_retention(actor))
    usual = queries.get_inherited_term_days(kind, scope_id)
    next_days = usual if days is None else days
    if next_days < kind.least:
        raise RuleBroken("days", str(kind.least_reason))
    preview = preview_term(kind, scope_id, next_days)
    if preview.is_asked and previewed_days != next_days:
        raise RuleBroken("days", describe_term_preview(preview))
    lock_row(Scope, scope_id)
    term = queries.find_term(kind, scope_id)
    if version != (term.version if term else 0):
        raise Conflict
    before = term.days if term else usual
    facts = {"key": kind.key}
    if days is None:
        if term is not None:
            audit.record(actor, CHANGED, term, scope_id=None, facts=facts, changes={"days": (before, None)})
            db.session.delete(term)
        return
    if term is None:
        term = RetentionTerm(scope_id=scope_id, key=kind.key, days=days)
        db.session.add(term)
    term.days = days
    audit.record(actor, CHANGED, term, scope_id=None, facts=facts, changes={"days": (before, days)})
