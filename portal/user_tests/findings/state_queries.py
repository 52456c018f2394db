"""State of a finding, computed in SQL from its closing, its item and its retests; never stored."""

from enum import StrEnum
from typing import Any

from sqlalchemy import String, Uuid, and_, bindparam, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings.models import Finding, Retest, RetestResult, Sighting
from portal.user_tests.rounds.models import TestRound


class FindingState(StrEnum):
    """Open states first, the most urgent on top; the last four are those of `FindingClosingKind`."""

    STILL_PRESENT = "seen_again"  # a later version still shows it
    OPEN = "undecided"  # nothing was decided yet
    DROPPED = "dropped"  # its item was abandoned
    TO_RATE = "to_rate"  # disappeared, but was never rated
    TO_RETEST = "to_retest"  # its item is done
    PLANNED = "planned"  # its item is to be done
    RETESTED = "retested"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    MERGED = "merged"

    @property
    def is_open(self) -> bool:
        return self not in _CLOSED


_CLOSED = {FindingState.RETESTED, FindingState.ACCEPTED, FindingState.SETTLED, FindingState.MERGED}


def select_last_retest_column(column: Any) -> Any:
    """Return a column of the last conclusive retest, by the version tested, as a subquery."""
    return (
        select(column)
        .select_from(Retest)
        .join(TestRound, TestRound.id == Retest.round_id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(Retest.finding_id == Finding.id, Retest.result != RetestResult.NOT_REACHED)
        .order_by(PrototypeVersion.number.desc(), TestRound.number.desc())
        .limit(1)
        .correlate(Finding)
        .scalar_subquery()
    )


_result, _result_at = select_last_retest_column(Retest.result), select_last_retest_column(Retest.created_at)
_is_still_present = _result == RetestResult.STILL_THERE

# For a statement that outer-joins the finding's item.
FINDING_STATE = case(
    (Finding.closing.is_not(None), type_coerce(Finding.closing, String)),
    (and_(Finding.severity.is_(None), _result == RetestResult.DISAPPEARED), FindingState.TO_RATE.value),
    (and_(Item.id.is_(None), _is_still_present), FindingState.STILL_PRESENT.value),
    (Item.id.is_(None), FindingState.OPEN.value),
    (Item.gone_at.is_not(None), FindingState.DROPPED.value),
    (
        and_(Item.state == ItemState.DONE, _is_still_present, _result_at >= Item.done_at),
        FindingState.STILL_PRESENT.value,
    ),
    (Item.state == ItemState.DONE, FindingState.TO_RETEST.value),
    else_=FindingState.PLANNED.value,
)


_member, _of_finding = aliased(Finding), bindparam("finding", type_=Uuid())
# The ids of the bound `finding` and of those merged into it, which share their sightings.
MERGED_FAMILY_IDS = select(_member.id).where(
    or_(_member.id == _of_finding, _member.merged_into_id == _of_finding)
)


# Number of sessions that show a finding or one merged into it, purged sessions included.
_own, _kin = aliased(Finding), aliased(Finding)
SESSION_COUNT = (
    select(func.count(Sighting.session_id.distinct()))
    .join(_own, _own.id == Sighting.finding_id)
    .where(or_(_own.id == Finding.id, _own.merged_into_id == Finding.id))
    .correlate(Finding)
    .scalar_subquery()
) + (
    select(func.coalesce(func.sum(_kin.purged_session_count), 0))
    .where(or_(_kin.id == Finding.id, _kin.merged_into_id == Finding.id))
    .correlate(Finding)
    .scalar_subquery()
)
