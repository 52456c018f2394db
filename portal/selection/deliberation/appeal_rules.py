"""Until when an appeal may be formed. Pure."""

from collections.abc import Sequence
from datetime import date

from portal.selection.deliberation.models import AppealState, ApplicationAppeal, CallPublication

OPEN_STATES = frozenset({AppealState.RECEIVED, AppealState.EXAMINED})


def find_appeal_limit(publication: CallPublication, dated: date) -> date:
    """The last day of appeal against a letter of that date: as many days as the publication gives."""
    return dated + (publication.appeal_until - publication.published_on)


def list_appeal_limits(
    publication: CallPublication | None, appeals: Sequence[ApplicationAppeal]
) -> Sequence[date]:
    """The last day of each appeal, by their order, and of one more: a letter that answers an appeal has a
    time limit of its own."""
    if publication is None:
        return []
    limits = [publication.appeal_until]
    for appeal in appeals:
        is_answered = appeal.state in {AppealState.GRANTED, AppealState.REJECTED}
        answered_on = appeal.closed_on if is_answered else None
        limits.append(find_appeal_limit(publication, answered_on) if answered_on else limits[-1])
    return limits
