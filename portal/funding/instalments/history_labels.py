"""The history of an instalment in sentences: its steps, changes of its plan, recoveries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from portal.funding.agreements.labels import money
from portal.funding.agreements.models import Instalment, InstalmentEdition
from portal.funding.instalments.labels import VERBS
from portal.funding.instalments.models import InstalmentStep, PaymentRecovery
from portal.funding.instalments.queries import list_editions, list_recoveries, read_history_person_names
from portal.platform.kernel import clock
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _


@dataclass(frozen=True)
class HistoryLine:
    """What happened, by whom ("" for the portal), and why or with which text."""

    at: datetime
    what: str
    who: str
    why: str = ""


def list_history(row: Instalment, steps: Sequence[tuple[InstalmentStep, str]]) -> Sequence[HistoryLine]:
    """All that happened to an instalment, latest first, its `steps` among it; for those who read
    amounts. Three statements."""
    editions, recoveries = list_editions(row), list_recoveries(row)
    names = read_history_person_names(editions, recoveries)
    lines = [
        *(HistoryLine(step.created_at, str(VERBS[step.verb]), name, step.reason) for step, name in steps),
        *_iterate_edition_lines(editions, names),
        *(line for recovery in recoveries for line in _iterate_recovery_lines(recovery, names)),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _iterate_edition_lines(
    editions: Sequence[InstalmentEdition], names: Mapping[UUID, str]
) -> Iterator[HistoryLine]:
    """Each change of the plan; the first edition is what was signed."""
    for before, after in pairwise(editions):
        what = _(
            "Plan modifié : %(changes)s", changes=_(" ; ").join(_describe_edition_changes(before, after))
        )
        yield HistoryLine(after.created_at, what, names.get(after.author_id or UUID(int=0), ""), after.reason)


def _describe_edition_changes(before: InstalmentEdition, after: InstalmentEdition) -> Sequence[str]:
    pairs = (
        (_("montant"), money(before.amount_cents), money(after.amount_cents)),
        (_("pas avant le"), _format_optional_day(before.due_on), _format_optional_day(after.due_on)),
        (_("jalons"), _join_gate_names(before), _join_gate_names(after)),
        (_("documents"), _join_document_names(before), _join_document_names(after)),
        (_("état des dépenses"), _statement_needed_label(before), _statement_needed_label(after)),
    )
    return [
        _("%(name)s, de %(old)s à %(new)s", name=name, old=old, new=new)
        for name, old, new in pairs
        if old != new
    ]


def _format_optional_day(day: date | None) -> str:
    return format_day(day) if day else _("sans date")


def _join_gate_names(edition: InstalmentEdition) -> str:
    return ", ".join(f"G{number}" for number in edition.gates) or _("aucun")


def _join_document_names(edition: InstalmentEdition) -> str:
    names = [
        f"{name} ({_format_optional_day(date.fromisoformat(day))})" if day else str(name)
        for name, day in edition.documents
    ]
    return ", ".join(names) or _("aucun")


def _statement_needed_label(edition: InstalmentEdition) -> str:
    return _("demandé") if edition.needs_statement else _("non demandé")


def _iterate_recovery_lines(recovery: PaymentRecovery, names: Mapping[UUID, str]) -> Iterator[HistoryLine]:
    amount = money(recovery.amount_cents)
    announced = _("Reversement annoncé : %(amount)s", amount=amount)
    yield HistoryLine(recovery.created_at, announced, names[recovery.announced_by_id], recovery.reason)
    if recovery.observed_at and recovery.observed_by_id:
        observed = _("Observations de l’équipe")
        yield HistoryLine(
            recovery.observed_at, observed, names[recovery.observed_by_id], recovery.observations
        )
    if recovery.booked_on and recovery.booked_by_id:
        at = recovery.booked_at or clock.end_of_day(recovery.booked_on)  # an earlier version kept no moment
        booked = _("Reversé le %(day)s : %(amount)s", day=format_day(recovery.booked_on), amount=amount)
        yield HistoryLine(at, booked, names[recovery.booked_by_id], recovery.reference)
    if recovery.dropped_at:
        who = names.get(recovery.dropped_by_id, "") if recovery.dropped_by_id else ""
        yield HistoryLine(recovery.dropped_at, _("Reversement abandonné"), who)
