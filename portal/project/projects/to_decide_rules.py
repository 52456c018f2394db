"""A line of what waits for a decision. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.platform.kernel import clock
from portal.project.projects.models import Project


@dataclass(frozen=True)
class WaitingProject:
    """What a line says of its project: a plain value, since a page may hold hundreds."""

    id: UUID
    programme_id: UUID
    slug: str
    short_name: str

    @classmethod
    def of(cls, project: Project) -> "WaitingProject":
        """The same of a loaded project."""
        return cls(project.id, project.programme_id, project.slug, project.short_name)


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """Something that waits since a day; `id` is the row that an act in place is about.

    `owner_id` and `owner` are whoever has it, if anybody; `is_own` whether the actor decides it and
    nobody else has it by name. `whom` says whose turn it is where no person has it by name.
    """

    id: UUID
    project: WaitingProject
    path: str
    title: str
    detail: str = ""
    since: date
    due_on: date | None = None
    owner_id: UUID | None = None
    owner: str = ""
    is_own: bool = False
    whom: str = ""

    @property
    def days_late(self) -> int:
        """Days since its due date passed; 0 without one."""
        return max(0, (clock.today() - self.due_on).days) if self.due_on else 0
