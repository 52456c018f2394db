"""What a term of retention would do, before it is set."""

from dataclasses import dataclass
from uuid import UUID

from portal.people.privacy.retention_queries import (
    TermDefinition,
    count_due_rows,
    get_inherited_term_days,
    read_term_days,
)
from portal.people.privacy.unused_queries import count_unused_accounts_by_step
from portal.people.privacy.unused_rules import UnusedAccountStep as Step
from portal.people.programmes.models import INSTALLATION


@dataclass(frozen=True)
class TermPreview:
    """What a term of `days` in place of `former_days` would do at once: rows that go, people who are told,
    accounts that are erased."""

    former_days: int
    days: int
    rows: int
    notified: int
    erased: int

    @property
    def has_effect(self) -> bool:
        return any((self.rows, self.notified, self.erased))

    @property
    def is_asked(self) -> bool:
        """Whether an administrator says it twice: it erases now, or earlier than promised."""
        return self.has_effect or self.days < self.former_days


def preview_term(kind: TermDefinition, scope_id: UUID, days: int) -> TermPreview:
    """What a term of so many days would do at once, beyond what the one in force does anyway."""
    terms = read_term_days()
    changed = {**terms, (scope_id, kind.key): days}
    former_days = terms.get((scope_id, kind.key), get_inherited_term_days(kind, scope_id))
    if kind.rule is not None:
        due, due_then = (count_due_rows(kind.rule, all_) for all_ in (terms, changed))
        return TermPreview(former_days, days, max(0, due_then - due), 0, 0)
    place = (INSTALLATION, kind.key)
    now, then = (count_unused_accounts_by_step(all_.get(place, kind.days)) for all_ in (terms, changed))
    letters = sum(then[step] - now[step] for step in (Step.TELL_FIRST, Step.TELL_SECOND))
    return TermPreview(former_days, days, 0, max(0, letters), max(0, then[Step.ERASE] - now[Step.ERASE]))
