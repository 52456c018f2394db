"""Calls of a programme, filtered by what the actor may see."""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row
from portal.platform.kernel.errors import NotFound
from portal.selection.calls import policy
from portal.selection.calls.models import MINIMUM_SCALE, Call, CallCriterion, CallState
from portal.selection.ranking.rules import WeightedCriterion


def get_led_programme(actor: Actor, slug: str) -> Programme:
    """A programme whose calls the actor runs. Raises `NotFound`."""
    programme = get_programme(actor, slug)
    if not policy.can_plan(actor, programme):
        raise NotFound
    return programme


def list_calls(actor: Actor, programme: Programme | None = None) -> Sequence[tuple[Call, Programme]]:
    """The calls that the actor sees, the latest first; of one programme if it is given."""
    calls = select(Call, Programme).join(Programme, Programme.id == Call.programme_id)
    calls = calls.where(policy.visible_to(actor))
    if programme is not None:
        calls = calls.where(Call.programme_id == programme.id)
    ordered = calls.order_by(Call.closes_on.desc(), Call.number.desc())
    return [(row[0], row[1]) for row in db.session.execute(ordered)]


def find_latest_call(programme_id: UUID) -> Call | None:
    """The last call that was planned in a programme that the caller leads, if any."""
    latest = select(Call).where(Call.programme_id == programme_id).order_by(Call.number.desc())
    return db.session.scalar(latest.limit(1))


def get_programme_and_call(actor: Actor, slug: str, number: int) -> tuple[Programme, Call]:
    """A call by its programme and number, with the programme. Raises `NotFound`."""
    statement = (
        select(Programme, Call)
        .join(Call, Call.programme_id == Programme.id)
        .where(Programme.slug == slug, Call.number == number, policy.visible_to(actor))
    )
    row = get_row(statement)
    return row[0], row[1]


def get_programme_and_led_call(actor: Actor, slug: str, number: int) -> tuple[Programme, Call]:
    """The same for whoever runs it; raises `NotFound` for a juror, too."""
    programme, call = get_programme_and_call(actor, slug, number)
    if not policy.leads_call(actor, call):
        raise NotFound
    return programme, call


def get_programme_and_public_call(slug: str, number: int) -> tuple[Programme, Call]:
    """A call whose page is public. Raises `NotFound`."""
    statement = (
        select(Programme, Call)
        .join(Call, Call.programme_id == Programme.id)
        .where(
            Programme.slug == slug,
            Call.number == number,
            Call.shown_at.is_not(None),
            Call.state != CallState.DRAFT,
        )
    )
    row = get_row(statement)
    return row[0], row[1]


_CRITERIA = (
    select(CallCriterion)
    .where(CallCriterion.call_id == bindparam("call"))
    .order_by(CallCriterion.position, CallCriterion.id)
)


def list_criteria(call: Call) -> Sequence[CallCriterion]:
    """The criteria of a call that the caller was shown, in their order."""
    return db.session.scalars(_CRITERIA, {"call": call.id}).all()


def get_criterion(call: Call, key: str) -> CallCriterion:
    """A criterion of a call by its key. Raises `NotFound`."""
    for criterion in list_criteria(call):
        if criterion.key == key:
            return criterion
    raise NotFound


def build_weighted_criteria(criteria: Sequence[CallCriterion]) -> Sequence[WeightedCriterion]:
    """The criteria as the ranking takes them."""
    return [
        WeightedCriterion(
            criterion.key,
            Fraction(criterion.weight),
            None if criterion.minimum_tenths is None else Fraction(criterion.minimum_tenths, MINIMUM_SCALE),
        )
        for criterion in criteria
    ]


def next_call_number(programme_id: UUID) -> int:
    """The number of the next call; the caller holds the programme's row."""
    last = select(func.max(Call.number)).where(Call.programme_id == programme_id)
    return (db.session.scalar(last) or 0) + 1
