"""The help that a project asks for by questions, for its page."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.people.accounts.models import Person
from portal.platform.kernel.subqueries import rows_subquery


@dataclass(frozen=True)
class AwaitedHelpQuestion:
    """A request for help put as a question that waits, to whom it is put, and the name of whoever has
    it, "" while nobody has."""

    number: int
    question: str
    addressee: DecisionAddressee
    owner: str


def select_open_help_questions(limit: int) -> Any:
    """A subquery of `AwaitedHelpQuestion` rows of the project bound as `project`, the oldest first; the
    statement around it checks that the actor sees the project."""
    statement = (
        select(
            AwaitedDecision.number,
            AwaitedDecision.question,
            AwaitedDecision.addressee,
            func.coalesce(Person.name, ""),
        )
        .select_from(AwaitedDecision)
        .outerjoin(Person, Person.id == AwaitedDecision.owner_id)
        .where(
            AwaitedDecision.project_id == bindparam("project"),
            AwaitedDecision.closed_at.is_(None),
            AwaitedDecision.asks_for_help,
        )
        .order_by(AwaitedDecision.created_at, AwaitedDecision.number)
    )
    return rows_subquery(statement.limit(limit), AwaitedHelpQuestion)


# For a project's page: how many such requests wait to be taken or answered.
OPEN_COUNT = (
    select(func.count())
    .where(
        AwaitedDecision.project_id == bindparam("project"),
        AwaitedDecision.closed_at.is_(None),
        AwaitedDecision.asks_for_help,
    )
    .scalar_subquery()
)
