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

from portal.files.places import Place
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.text import LazyString
from portal.projects import policy
from portal.projects.models import Project
from portal.projects.timing import why_closed

Sight = Callable[[Actor], ColumnElement[bool]]


@dataclass(frozen=True)
class OfProject:
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
    sight: Sight | None = None
    number: Any = None  # what people call one by, where that is no column of its own
    fleeting: bool = False

    @property
    def name(self) -> str:
        return str(self.model.__tablename__)

    @property
    def numbered_by(self) -> Any:
        return self.model.number if self.number is None else self.number

    def called(self, number: int) -> str:
        return str(self.words) % {"n": number}

    def visible(self, actor: Actor) -> Select[Any]:
        seen = select(self.model.id).where(policy.visible_within(actor, self.model.project_id))
        return seen.where(self.sight(actor)) if self.sight else seen

    def get(self, actor: Actor, id_: UUID) -> Place:
        one = self.visible(actor).where(self.model.id == id_)
        found = db.session.execute(
            one.add_columns(self.numbered_by, Project).join(
                Project, Project.id == self.model.project_id
            )
        ).first()
        if found is None:
            raise NotFound
        return self.place(actor, found[2], found[0], found[1])

    def place(self, actor: Actor, project: Project, id_: UUID, number: int) -> Place:
        """One that the actor was already allowed to see."""
        only: dict[str, Any] = {} if self.listed else {"number": number}
        return Place(
            kind=self.name,
            id=id_,
            scope_id=project.id,
            number=number,
            title=f"{project.short_name}, {self.called(number)}",
            find_page=partial(url_for, self.endpoint, slug=project.slug, **only),
            is_shown_there=not self.listed,
            is_writer=policy.is_on_team(actor, project),
            closed_because=why_closed(project),
            is_moderator=policy.can_lead_programme(actor, project),
            is_told=self.sight is None and not self.fleeting,
            is_named=not self.fleeting,
        )
