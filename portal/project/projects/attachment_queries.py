"""What of a project takes files: a line for each kind of thing, read by the roof.

By default whoever reads the project sees the files, its team attaches and removes them while it
works, and the programme's lead removes what must go. A thing that fewer may see says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, Select, select

from portal.collaboration.files.subject_queries import AttachmentSubject, SubjectKind
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import LazyString
from portal.project.projects import policy
from portal.project.projects.models import Project
from portal.project.projects.state_rules import closed_reason

VisibilityRule = Callable[[Actor], ColumnElement[bool]]


@dataclass(frozen=True)
class ProjectAttachmentKind(SubjectKind):
    """Rows of a model that have a `project_id` and a `number`, or another's `number` to go by.

    `words` are what one is called, by its `%(n)s`; `endpoint` shows it. One that is `listed` is
    shown there among others, and its files on a page of their own. `sight` narrows who sees it.
    `fleeting`: it leaves no trace when it goes, so no feed tells of its files and no trail names
    them.
    """

    model: Any
    words: LazyString
    endpoint: str
    listed: bool = False
    visibility: VisibilityRule | None = None
    number: Any = None  # what people call one by, where that is no column of its own
    is_untraced: bool = False

    @property
    def name(self) -> str:
        return str(self.model.__tablename__)

    @property
    def numbered_by(self) -> Any:
        return self.model.number if self.number is None else self.number

    def called(self, number: int) -> str:
        return str(self.words) % {"n": number}

    def visible(self, actor: Actor) -> Select[Any]:
        visible_ids = select(self.model.id).where(
            policy.visible_within(actor, self.model.project_id)
        )
        return visible_ids.where(self.visibility(actor)) if self.visibility else visible_ids

    def get(self, actor: Actor, id_: UUID) -> AttachmentSubject:
        matching = self.visible(actor).where(self.model.id == id_)
        row = db.session.execute(
            matching.add_columns(self.numbered_by, Project).join(
                Project, Project.id == self.model.project_id
            )
        ).first()
        if row is None:
            raise NotFound
        return self.place(actor, row[2], row[0], row[1])

    def place(self, actor: Actor, project: Project, id_: UUID, number: int) -> AttachmentSubject:
        """One that the actor was already allowed to see."""
        only: dict[str, Any] = {} if self.listed else {"number": number}
        return AttachmentSubject(
            kind=self.name,
            id=id_,
            scope_id=project.id,
            number=number,
            title=f"{project.short_name}, {self.called(number)}",
            find_page=partial(url_for, self.endpoint, slug=project.slug, **only),
            is_shown_there=not self.listed,
            is_writer=policy.is_on_team(actor, project),
            closed_because=closed_reason(project),
            is_moderator=policy.can_lead_programme(actor, project),
            is_in_feed=self.visibility is None and not self.is_untraced,
            is_named=not self.is_untraced,
        )
