"""Things that have a day: who is told the day before, and once when it has passed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, bindparam, literal, select
from sqlalchemy.orm import Mapped

from portal.communication.notifications.kind_queries import NotificationKind
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import Contribution
from portal.project.projects.models import Numbered, Project
from portal.project.projects.policy import IS_ACTIVE

SOON, PAST = "due.soon", "due.past"  # as actions: no deed, a day that comes
SINCE, UNTIL = bindparam("since", type_=Date()), bindparam("until", type_=Date())
COLUMNS = ("person_id", "subject_id", "scope_id", "due_on", "number", "name")


@dataclass(frozen=True, eq=False)
class DueReminder(Contribution):
    """Things that have a day, and who sees to them: the columns of `rows` are `COLUMNS`, for what
    is open and due from `since` to `until`.

    They are told the day before (`SOON`), and once when the day has passed (`PAST`): the kind says
    both in words, which may use `number` and `name`. An empty name: it may not be told.
    """

    kind: NotificationKind
    subject: str  # the table's name
    rows: Select[Any, Any, Any, Any, Any, Any]


def select_still_open(
    open_objects: Select[UUID], id_: ColumnElement[UUID] | Mapped[UUID]
) -> Select[UUID]:
    """Those among `ids` that are open: the `standing` of a kind."""
    return open_objects.where(id_.in_(bindparam("ids", expanding=True)))


def make_due_reminder(
    kind: NotificationKind,
    model: type[Numbered],
    *is_open: ColumnElement[bool],
    owner: Mapped[UUID] | Mapped[UUID | None] | None = None,
    roles: Sequence[Role] = (),
    name: Mapped[str] | None = None,
) -> DueReminder:
    """Open things of a table that has `due_on`, in projects that go on; told to the `owner` of
    each, or, without one, to whoever holds one of the `roles` in its project."""
    due_on: Mapped[date | None] = model.due_on  # type: ignore[attr-defined]
    rows: Select[Any, Any, Any, Any, Any, Any] = select(
        (RoleAssignment.person_id if owner is None else owner).label("person_id"),
        model.id.label("subject_id"),
        model.project_id.label("scope_id"),
        due_on.label("due_on"),
        model.number.label("number"),
        (literal("") if name is None else name).label("name"),
    ).join(Project, Project.id == model.project_id)
    if owner is None:
        rows = rows.join(RoleAssignment, RoleAssignment.scope_id == model.project_id)
        rows = rows.where(RoleAssignment.role.in_(roles))
    else:
        rows = rows.where(owner.is_not(None))
    rows = rows.where(*is_open, due_on.between(SINCE, UNTIL), *IS_ACTIVE)
    return DueReminder(kind, model.__tablename__, rows)
