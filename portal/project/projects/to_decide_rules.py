"""A line of what waits for a decision. Pure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.platform.kernel import clock
from portal.project.projects.models import Project

PATIENCE = 7  # days, of an answer that has no date of its own


def shorten_detail(text: str, length: int) -> str:
    """The beginning of a text on one line: whole words, unless its last one is most of it."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    beginning = line[: length - 1]
    last_space = beginning.rfind(" ")
    return f"{beginning[:last_space] if last_space > length // 2 else beginning}…"


@dataclass(frozen=True)
class WaitingLineProject:
    """What a line says of its project: a plain value, since a page may hold hundreds."""

    id: UUID
    programme_id: UUID
    slug: str
    short_name: str

    @classmethod
    def of(cls, project: Project) -> "WaitingLineProject":
        """The same of a loaded project."""
        return cls(project.id, project.programme_id, project.slug, project.short_name)


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """Something that waits since a day; `id` is the row that an act in place is about.

    `owner_id` and `owner` are whoever has it, if anybody; `is_own` whether the actor decides it and
    nobody else has it by name; `is_assigned` whether others decide it by their role; `is_in_hand` whether
    somebody does it already, so that nothing is to be decided: it counts in no sum. `whom` says to
    whom it is put where no person has it by name; `is_ready` whether it can be decided now; `next_act`
    what its owner does next, and the page where it is done, where it is not simply decided. `listed_from`
    is the first day on which it was listed, where that is not `since`. Without
    a date of its own it is late after `patience` days; None: never. `number` is that of the row, or
    of the gate, in its project.
    """

    id: UUID
    project: WaitingLineProject
    path: str
    title: str
    detail: str = ""
    since: date
    listed_from: date | None = None
    due_on: date | None = None
    patience: int | None = None
    number: int = 0
    owner_id: UUID | None = None
    owner: str = ""
    is_own: bool = False
    is_assigned: bool = False
    is_in_hand: bool = False
    whom: str = ""
    is_ready: bool = True
    next_act: tuple[str, str] | None = None

    @property
    def days_late(self) -> int:
        """Days since its due date passed, or since its patience ended; 0 without either."""
        if self.due_on:
            return max(0, (clock.today() - self.due_on).days)
        return 0 if self.patience is None else max(0, self.days_waited - self.patience)

    @property
    def rests_with_actor(self) -> bool:
        """Whether the actor does it already: it waits for nobody."""
        return self.is_own and self.is_in_hand

    @property
    def days_waited(self) -> int:
        """Days since it waits."""
        return (clock.today() - self.since).days
