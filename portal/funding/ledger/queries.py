"""Read the ledger. The caller was allowed to read the amounts of the project or the report."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.funding.agreements.models import Instalment
from portal.funding.ledger.models import LedgerAccount, LedgerEntry
from portal.funding.ledger.rules import LedgerTotals, totals_of
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from portal.project.projects.models import Project

ENTRIES_MAX = 200


_TOTALS = (
    select(
        LedgerEntry.project_id,
        LedgerEntry.instalment_id,
        LedgerEntry.account,
        func.sum(LedgerEntry.amount_cents),
    )
    .where(LedgerEntry.project_id.in_(bindparam("projects", expanding=True)))
    .group_by(LedgerEntry.project_id, LedgerEntry.instalment_id, LedgerEntry.account)
)


def read_instalment_totals_by_project(
    project_ids: Iterable[UUID], until: datetime | None = None
) -> Mapping[UUID, Mapping[UUID, LedgerTotals]]:
    """Totals by project and instalment from what was entered until a moment (now). One statement."""
    statement = _TOTALS if until is None else _TOTALS.where(LedgerEntry.created_at <= until)
    sums: dict[UUID, dict[UUID, dict[LedgerAccount, int]]] = defaultdict(lambda: defaultdict(dict))
    for project_id, instalment_id, account, amount in db.session.execute(
        statement, {"projects": list(project_ids)}
    ):
        sums[project_id][instalment_id][account] = int(amount)
    return {
        project_id: {id_: totals_of(accounts) for id_, accounts in by_instalment.items()}
        for project_id, by_instalment in sums.items()
    }


def read_project_totals_by_instalment(project: Project) -> Mapping[UUID, LedgerTotals]:
    """Totals of one project by instalment."""
    return read_instalment_totals_by_project([project.id]).get(project.id, {})


def find_team_and_number_by_reference(
    programme_id: UUID, reference: str, *, but: UUID | None = None
) -> tuple[str, int] | None:
    """The team and the number of an instalment of a programme, `but` one, that was paid or recovered
    with a reference, whatever its case."""
    statement = (
        select(Project, Instalment.number)
        .join(LedgerEntry, LedgerEntry.project_id == Project.id)
        .join(Instalment, Instalment.id == LedgerEntry.instalment_id)
        .where(
            Project.programme_id == programme_id,
            LedgerEntry.account.in_((LedgerAccount.PAID, LedgerAccount.RECOVERED)),
            func.lower(LedgerEntry.reference) == func.lower(reference),
            *([Instalment.id != but] if but else []),
        )
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return (row[0].short_name, row[1]) if row else None


_ENTRIES = (
    select(LedgerEntry, Person.name, Instalment.number)
    .join(Person, Person.id == LedgerEntry.author_id)
    .join(Instalment, Instalment.id == LedgerEntry.instalment_id)
    .where(LedgerEntry.project_id == bindparam("project"))
    .order_by(LedgerEntry.id.desc())
    .limit(ENTRIES_MAX)
)


def list_latest_entries(project: Project) -> Sequence[tuple[LedgerEntry, str, int]]:
    """The latest entries of a project, latest first, each with who entered it and the number of its
    instalment."""
    return [(row[0], row[1], row[2]) for row in db.session.execute(_ENTRIES, {"project": project.id})]


def list_references_by_instalment(instalment_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    """The references of all payments and recoveries of instalments, each once."""
    statement = select(LedgerEntry.instalment_id, LedgerEntry.reference).where(
        LedgerEntry.instalment_id.in_(instalment_ids), LedgerEntry.reference != ""
    )
    references: dict[UUID, list[str]] = defaultdict(list)
    for id_, reference in db.session.execute(statement.distinct().order_by(LedgerEntry.reference)):
        references[id_].append(reference)
    return references
