"""Calendar entries of open decisions: their due dates."""

from sqlalchemy import func, select

from portal.communication.calendar.entry_queries import PROJECTS, SINCE, CalendarSource
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.decisions.rules import FIRST_LINE_MAX
from portal.platform.kernel.text import lazy_gettext as _l

DATES = (
    CalendarSource(
        "decision",
        _l("%(place)s : %(name)s (décision attendue)"),
        "/projects/{slug}/decisions/{number}",
        select(
            AwaitedDecision.id,
            AwaitedDecision.project_id.label("scope_id"),
            AwaitedDecision.due_on.label("starts_on"),
            AwaitedDecision.due_on.label("ends_on"),
            AwaitedDecision.number,
            func.substr(AwaitedDecision.question, 1, FIRST_LINE_MAX).label("name"),
        ).where(
            AwaitedDecision.project_id.in_(PROJECTS),
            AwaitedDecision.closed_at.is_(None),
            AwaitedDecision.due_on >= SINCE,
        ),
    ),
)
