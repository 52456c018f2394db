"""Attachment kinds of a project: one for each model whose rows take files.

By default whoever reads the project sees the files, its team attaches and removes them while the
project is active, and the programme's lead removes files at any time. A kind may narrow this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from portal.collaboration.files.subject_queries import AttachmentSubject, AttachmentSubjectKind
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.project.projects import policy
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path_by_number
from portal.project.projects.state_rules import explain_project_not_active

VisibilityRule = Callable[[Actor], ColumnElement[bool]]


@dataclass(frozen=True)
class ProjectAttachmentKind(AttachmentSubjectKind):
    """Rows of a model with a `project_id`, a `page_path` and a `number` (or another row's number).

    `label` is the name of a row, with `%(n)s`; `endpoint` is the page at the model's `page_path`.
    `listed`: that page lists many rows, so a row's files have a page of their own. `visibility`
    narrows who sees a row. `is_untraced`: rows leave no trace when they are deleted, so neither the
    feed nor the audit trail names their files.
    """

    model: Any
    label: LazyString
    endpoint: str
    listed: bool = False
    visibility: VisibilityRule | None = None
    number: Any = None  # the number's SQL expression, where the model has no column for it
    is_untraced: bool = False

    @property
    def name(self) -> str:
        return str(self.model.__tablename__)

    @property
    def is_findable(self) -> bool:
        """Return whether every reader of the project sees the rows and may know of them."""
        return self.visibility is None and not self.is_untraced

    @property
    def numbered_by(self) -> Any:
        """Return the SQL expression of a row's number."""
        return self.model.number if self.number is None else self.number

    def called(self, number: int) -> str:
        """Return the label of a row."""
        return str(self.label) % {"n": number}

    def is_row_page_endpoint(self, endpoint: Any) -> bool:
        """Tell whether an endpoint shows one row of this kind."""
        return bool(endpoint == self.endpoint and not self.listed)

    def visible(self, actor: Actor) -> Select[Any]:
        """Select the ids of the rows that the actor sees."""
        visible_ids = select(self.model.id).where(
            policy.visible_by_project_column(actor, self.model.project_id)
        )
        return visible_ids.where(self.visibility(actor)) if self.visibility else visible_ids

    def get(self, actor: Actor, id_: UUID) -> AttachmentSubject:
        """Return a row as a subject of files. Raises `NotFound` unless the actor sees it."""
        matching = self.visible(actor).where(self.model.id == id_)
        row = db.session.execute(
            matching.add_columns(self.numbered_by, Project).join(Project, Project.id == self.model.project_id)
        ).first()
        if row is None:
            raise NotFound
        return self.place(actor, row[2], row[0], row[1])

    def place(self, actor: Actor, project: Project, id_: UUID, number: int) -> AttachmentSubject:
        """Return the subject for a row that the caller was allowed to see."""
        return AttachmentSubject(
            kind=self.name,
            id=id_,
            scope_id=project.id,
            number=number,
            title=f"{project.short_name}, {self.called(number)}",
            find_page=partial(row_path_by_number, project, self.model, number),
            is_shown_there=not self.listed,
            is_writer=policy.is_on_team(actor, project),
            closed_because=explain_project_not_active(project),
            is_moderator=policy.can_lead_programme(actor, project),
            is_in_feed=self.visibility is None and not self.is_untraced,
            is_named=not self.is_untraced,
        )


class ProjectFileKind(AttachmentSubjectKind):
    """Files of a project itself, which belong to none of its pages."""

    name = Project.__tablename__

    def called(self, number: int) -> str:  # noqa: ARG002  (of all subjects)
        """Return the label of the project in a list of its files."""
        return _("Le projet")

    def visible(self, actor: Actor) -> Select[Any]:
        """Select the ids of the projects that the actor reads."""
        return select(Project.id).where(policy.visible_to(actor))

    def get(self, actor: Actor, id_: UUID) -> AttachmentSubject:
        """Return a project as a subject of files. Raises `NotFound` unless the actor sees it."""
        project = db.session.scalar(select(Project).where(Project.id == id_, policy.visible_to(actor)))
        if project is None:
            raise NotFound
        return self.place(actor, project)

    def place(self, actor: Actor, project: Project) -> AttachmentSubject:
        """Return the subject for a project that the caller was allowed to see."""
        return AttachmentSubject(
            kind=self.name,
            id=project.id,
            scope_id=project.id,
            number=0,
            title=project.short_name,
            find_page=lambda: f"/projects/{project.slug}/files",
            is_shown_there=True,
            is_writer=policy.is_on_team(actor, project),
            closed_because=explain_project_not_active(project),
            is_moderator=policy.can_lead_programme(actor, project),
        )


PROJECT_FILES = ProjectFileKind()
