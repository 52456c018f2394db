"""Lists of applications: filters, pages, and the same rows for exports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, null, select
from sqlalchemy.orm import aliased

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import fold
from portal.project.projects.numbered_queries import PER_PAGE, ListPage
from portal.selection.applications import policy
from portal.selection.applications.models import Application, ApplicationOrigin, ApplicationState
from portal.selection.calls.models import Call
from portal.selection.jury.models import InterestDeclaration, JuryAssignment

BATCH = 500


class EligibilityFilter(StrEnum):
    """What was judged of eligibility, whatever followed."""

    TO_JUDGE = "to_judge"
    ELIGIBLE = "yes"
    NOT_ELIGIBLE = "no"


_BY_ELIGIBILITY: Mapping[EligibilityFilter, Sequence[ApplicationState]] = {
    EligibilityFilter.TO_JUDGE: (ApplicationState.RECEIVED,),
    EligibilityFilter.ELIGIBLE: (
        ApplicationState.ELIGIBLE,
        ApplicationState.SCORED,
        ApplicationState.LAUREATE,
        ApplicationState.WAITING_LIST,
        ApplicationState.NOT_SELECTED,
    ),
    EligibilityFilter.NOT_ELIGIBLE: (ApplicationState.NOT_ELIGIBLE,),
}


@dataclass(frozen=True, kw_only=True)
class ApplicationFilters:
    """Filters of a list; None or "": any. `juror` and `conflict` are for leads alone."""

    q: str = ""
    eligibility: EligibilityFilter | None = None
    state: ApplicationState | None = None
    below: bool = False
    dispersed: bool = False
    juror: UUID | None = None
    conflict: bool = False


@dataclass(frozen=True)
class ListedApplication:
    """A line of the list. Where `is_whole` is false, only number, organisation and title are
    known. `sent` of `assigned` sheets are in; leads alone know."""

    id: UUID
    number: int
    organisation: str
    title: str
    is_whole: bool
    state: ApplicationState | None
    origin: ApplicationOrigin | None
    company_number: str | None
    received_on: date | None
    is_opened: bool
    total_hundredths: int | None
    is_below: bool
    is_dispersed: bool
    sent: int | None
    assigned: int | None


def list_applications(
    actor: Actor, call: Call, filters: ApplicationFilters, page: int
) -> ListPage[ListedApplication]:
    """A page of the applications of a call that the actor knows, by number."""
    conditions = _build_filter_conditions(actor, call, filters)
    statement = select(func.count()).select_from(Application).join(Call, Call.id == Application.call_id)
    count = db.session.scalar(statement.where(*conditions)) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    rows = _select_listed_applications(actor).where(*conditions).order_by(Application.number)
    results = db.session.execute(rows.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return ListPage(tuple(ListedApplication(*row) for row in results), count, page)


def iterate_applications(
    actor: Actor, call: Call, filters: ApplicationFilters
) -> Iterator[ListedApplication]:
    """All of them, in batches by number, for exports."""
    rows = (
        _select_listed_applications(actor)
        .where(*_build_filter_conditions(actor, call, filters))
        .order_by(Application.number)
    )
    last = 0
    while True:
        batch = db.session.execute(rows.where(Application.number > last).limit(BATCH)).all()
        for row in batch:
            yield ListedApplication(*row)
        if len(batch) < BATCH:
            return
        last = batch[-1].number


def _build_filter_conditions(
    actor: Actor, call: Call, filters: ApplicationFilters
) -> Sequence[ColumnElement[bool]]:
    """What the actor knows of a call, filtered. A filter on what a reader may not see of an
    application leaves that application out."""
    conditions = [Application.call_id == call.id, policy.title_visible_to(actor)]
    if filters.q:
        pattern = f"%{fold(filters.q).translate(_LIKE)}%"
        conditions.append(Application.organisation_fold.like(pattern, escape="\\"))
    hidden: list[ColumnElement[bool]] = []
    if filters.eligibility is not None:
        hidden.append(Application.state.in_(_BY_ELIGIBILITY[filters.eligibility]))
    if filters.state is not None:
        hidden.append(Application.state == filters.state)
    if filters.below:
        hidden.append(Application.is_below.is_(True))
    if filters.dispersed:
        hidden.append(Application.is_dispersed.is_(True))
    if filters.juror is not None:
        assigned = JuryAssignment.person_id == filters.juror, JuryAssignment.recused_at.is_(None)
        hidden += [policy.led_by_condition(actor), _assignment_exists_condition(*assigned)]
    if filters.conflict:
        is_conflict = JuryAssignment.declaration == InterestDeclaration.CONFLICT
        hidden += [policy.led_by_condition(actor), _assignment_exists_condition(is_conflict)]
    return [*conditions, *([policy.visible_to(actor), *hidden] if hidden else [])]


_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def _assignment_exists_condition(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(JuryAssignment.application_id == Application.id, *conditions)


def _select_listed_applications(actor: Actor) -> Select[Any]:
    whole, led = policy.visible_to(actor), policy.led_by_condition(actor)

    def null_unless_whole(column: Any) -> Any:
        return case((whole, column), else_=null())

    is_opened = and_(whole, Application.opened_at.is_not(None))
    opened_total = case((is_opened, Application.total_hundredths), else_=null())
    return select(
        Application.id,
        Application.number,
        Application.organisation,
        Application.title,
        whole,
        null_unless_whole(Application.state),
        null_unless_whole(Application.origin),
        null_unless_whole(Application.company_number),
        null_unless_whole(Application.received_on),
        is_opened,
        opened_total,
        and_(is_opened, Application.is_below),
        and_(is_opened, Application.is_dispersed),
        case((led, _sheet_count_subquery(is_sent=True)), else_=null()),
        case((led, _sheet_count_subquery(is_sent=False)), else_=null()),
    ).join(Call, Call.id == Application.call_id)


def _sheet_count_subquery(*, is_sent: bool) -> Any:
    """How many sheets of an application are sent, or awaited and sent."""
    sheet = aliased(JuryAssignment)
    count = select(func.count()).where(
        sheet.application_id == Application.id,
        sheet.published_at.is_not(None),
        sheet.recused_at.is_(None),
    )
    return (count.where(sheet.sent_at.is_not(None)) if is_sent else count).scalar_subquery()


def count_applications_by_state(actor: Actor, call: Call) -> Mapping[ApplicationState, int]:
    """How many applications of a call are in each state, of those that the actor reads in full."""
    counts = (
        select(Application.state, func.count())
        .join(Call, Call.id == Application.call_id)
        .where(Application.call_id == call.id, policy.visible_to(actor))
        .group_by(Application.state)
    )
    return {row[0]: row[1] for row in db.session.execute(counts)}


def map_juror_names_by_application(application_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    """The names of the jurors of applications that the caller leads."""
    rows = (
        select(JuryAssignment.application_id, Person.name)
        .join(Person, Person.id == JuryAssignment.person_id)
        .where(JuryAssignment.application_id.in_(application_ids), JuryAssignment.recused_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    names: dict[UUID, list[str]] = {}
    for application_id, name in db.session.execute(rows):
        names.setdefault(application_id, []).append(name)
    return names
