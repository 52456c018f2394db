"""What a pack tells of the programme beside its teams: its calls, and instalments to check or to pay."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from portal.funding.agreements.models import InstalmentState
from portal.funding.instalments.past_hold_queries import read_held_gates_by_place
from portal.funding.instalments.pause_queries import read_places_outlasting_pause
from portal.funding.reports.queries import read_report
from portal.funding.reports.rules import ReportedInstalment, ReportedTeam
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import db
from portal.platform.kernel.history import map_past_values_by_row
from portal.project.projects.models import ProjectState
from portal.selection.applications.models import Application
from portal.selection.calls.models import Call, CallState
from portal.selection.deliberation.models import PurgedApplication

CALLS_MAX = 5


@dataclass(frozen=True)
class PackCall:
    """A call whose page was public at the moment, with the number of applications received by then."""

    title_fr: str
    title_en: str
    state: CallState
    opens_on: date
    closes_on: date
    applications: int


@dataclass(frozen=True)
class DueInstalment:
    """An instalment to check or to pay, by the slug of its project; the amount is in cents; `held_gates` are
    those for which an operator put it off."""

    slug: str
    number: int
    state: InstalmentState
    amount_cents: int
    held_gates: Sequence[int] = ()


@dataclass(frozen=True)
class ProgrammeState:
    """The latest calls, the last one first; `has_agreements`: any agreement was signed by then."""

    calls: Sequence[PackCall]
    has_agreements: bool
    instalments: Sequence[DueInstalment]


def read_programme_state(programme: Programme, moment: datetime, day: date) -> ProgrammeState:
    """Read it in a constant number of statements."""
    report = read_report(programme, moment, day)
    outlasting = read_places_outlasting_pause(programme.id, moment)
    due = {
        (team.slug, each.number): each
        for team in sorted(report.teams, key=lambda team: team.slug)
        for each in team.instalments
        if (each.standstill is not ProjectState.PAUSED or (team.slug, each.number) in outlasting)
        and _waits_for_operator(team, each, day)
    }
    unmet = {place: _list_unmet_gates(each) for place, each in due.items() if _list_unmet_gates(each)}
    gates_on_hold = read_held_gates_by_place(unmet, moment)
    instalments = [
        DueInstalment(slug, number, each.state, each.totals.remaining, gates_on_hold.get((slug, number), ()))
        for (slug, number), each in due.items()
    ]
    return ProgrammeState(_list_calls(programme.id, moment, day), bool(report.teams), instalments)


def _list_unmet_gates(instalment: ReportedInstalment) -> Sequence[int]:
    return [number for number, gate in instalment.gates if gate is None or not gate.is_met]


def _waits_for_operator(team: ReportedTeam, instalment: ReportedInstalment, day: date) -> bool:
    """Whether it is asked, or checked and may be paid: neither its day nor its agreement's is to come."""
    if instalment.totals.remaining <= 0:
        return False
    days = instalment.due_on, team.starts_on
    may_be_paid = all(each is None or each <= day for each in days)
    return instalment.state is InstalmentState.REQUESTED or (
        instalment.state is InstalmentState.CHECKED and may_be_paid
    )


def _list_calls(programme_id: UUID, moment: datetime, day: date) -> Sequence[PackCall]:
    """Those whose page was public: of others, readers of packs who lead no programme know nothing."""
    statement = select(Call).where(Call.programme_id == programme_id, Call.created_at <= moment)
    rows = db.session.scalars(statement.order_by(Call.number.desc())).all()
    then = map_past_values_by_row([row.id for row in rows], moment)
    closes_on = {row.id: _as_date(then[row.id].get("closes_on", row.closes_on)) for row in rows}
    is_received = Application.created_at <= moment
    received = _count_rows_by_call(select(Application.call_id).where(is_received), closes_on)
    closed = [id_ for id_, last in closes_on.items() if last < day]  # no purge keeps the day it came
    received += _count_rows_by_call(select(PurgedApplication.call_id), closed)
    calls = [
        PackCall(
            then[row.id].get("title_fr", row.title_fr),
            then[row.id].get("title_en", row.title_en),
            CallState(then[row.id].get("state", row.state)),
            _as_date(then[row.id].get("opens_on", row.opens_on)),
            closes_on[row.id],
            received[row.id],
        )
        for row in rows
        if then[row.id].get("shown_at", row.shown_at) is not None
    ]
    return [call for call in calls if call.state is not CallState.DRAFT][:CALLS_MAX]


def _as_date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _count_rows_by_call(statement: Select[UUID], call_ids: Collection[UUID]) -> Counter[UUID]:
    """How many rows of a statement of calls there are of each of these."""
    (call_id,) = statement.selected_columns
    counted = statement.add_columns(func.count()).where(call_id.in_(call_ids)).group_by(call_id)
    return Counter({row[0]: row[1] for row in db.session.execute(counted)})
