"""Due-date reminders: whom to notify the day before a due date, and once after it has passed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, bindparam, literal, select
from sqlalchemy.orm import Mapped

from portal.communication.notifications.kind_queries import (
    PAST,
    SOON,
    NotificationKind,
    make_path_below_project,
)
from portal.communication.notifications.models import Channel
from portal.communication.notifications.policy import NotificationAudience
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import Contribution
from portal.platform.kernel.text import LazyString
from portal.project.projects.models import Numbered, Project
from portal.project.projects.policy import IS_ACTIVE

COLUMNS = ("person_id", "subject_id", "scope_id", "due_on", "number", "name")
SINCE, UNTIL = bindparam("since", type_=Date()), bindparam("until", type_=Date())
TODAY = bindparam("today", type_=Date())


@dataclass(frozen=True, eq=False)
class DueReminderSource(Contribution):
    """Objects with a due date and their recipients.

    `rows` has the columns `COLUMNS`, for open objects due between the bound dates `SINCE` and
    `UNTIL` (`TODAY` is bound, too). Where it has a column `path`, the page of the object, the fact
    `path` holds it; the columns `hour`, `duration` and `place` of a meeting are facts the day before.
    The kind has a sentence for `SOON` (the day before) and for `PAST`, which may use `number` and
    `name`; an empty name is not disclosed.
    """

    kind: NotificationKind
    subject: str  # the table's name
    rows: Select[Any, Any, Any, Any, Any, Any]


def select_still_open_ids(
    open_objects: Select[UUID], id_: ColumnElement[UUID] | Mapped[UUID]
) -> Select[UUID]:
    """The open ones among the bound `ids`: the `relevant_subjects` of a kind."""
    return open_objects.where(id_.in_(bindparam("ids", expanding=True)))


def make_due_notification_kind(
    code: str,
    label: LazyString,
    model: type[Numbered],
    *is_open: ColumnElement[bool],
    soon: LazyString,
    past: LazyString,
    pattern: str,
    usual: Mapping[NotificationAudience, Channel],
) -> NotificationKind:
    """The kind of a reminder for open rows of a table: the sentences before and after the day.

    `pattern` is the page of a row below its project's, `usual` the default channels.
    """
    return NotificationKind(
        code=code,
        label=label,
        sentence={SOON: soon, PAST: past},
        is_personal=True,
        path_of=make_path_below_project(pattern),
        usual=usual,
        relevant_subjects=select_still_open_ids(select(model.id).where(*is_open), model.id),
    )


def make_due_reminder_source(
    kind: NotificationKind,
    model: type[Numbered],
    *is_open: ColumnElement[bool],
    owner: Mapped[UUID] | Mapped[UUID | None] | None = None,
    roles: Sequence[Role] = (),
    name: Mapped[str] | None = None,
) -> DueReminderSource:
    """A reminder for open rows of a table with `due_on`, in active projects.

    The recipient is the `owner` of each row; without that column, whoever has one of the `roles` in
    its project.
    """
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
    return DueReminderSource(kind, model.__tablename__, rows)
