"""The help that a project asks for by questions, for its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import select_in_project

QUESTIONS_MAX = 100


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


def list_help_questions(actor: Actor, project: Project) -> Sequence[tuple[AwaitedDecision, str]]:
    """A project's requests for help put as questions, those that wait first, then the latest, each with the
    name of whoever has it, "" while nobody has."""
    statement = (
        select_in_project(actor, AwaitedDecision, project)
        .add_columns(func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == AwaitedDecision.owner_id)
        .where(AwaitedDecision.asks_for_help)
        .order_by(AwaitedDecision.closed_at.is_not(None), AwaitedDecision.number.desc())
    )
    return [(row[0], row[1]) for row in db.session.execute(statement.limit(QUESTIONS_MAX))]


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
