"""The help that a project asks for by questions, for its page."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.platform.kernel.subqueries import rows_subquery


@dataclass(frozen=True)
class AwaitedHelpQuestion:
    """A request for help put as a question that waits, and to whom it is put."""

    number: int
    question: str
    addressee: DecisionAddressee


def select_open_help_questions(limit: int) -> Any:
    """A subquery of `AwaitedHelpQuestion` rows of the project bound as `project`, the oldest first; the
    statement around it checks that the actor sees the project."""
    statement = (
        select(AwaitedDecision.number, AwaitedDecision.question, AwaitedDecision.addressee)
        .where(
            AwaitedDecision.project_id == bindparam("project"),
            AwaitedDecision.closed_at.is_(None),
            AwaitedDecision.asks_for_help,
        )
        .order_by(AwaitedDecision.created_at, AwaitedDecision.number)
    )
    return rows_subquery(statement.limit(limit), AwaitedHelpQuestion)
