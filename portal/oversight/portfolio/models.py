"""Read-only rows of lists of teams, and saved views of a portfolio."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.database import Entity
from portal.platform.kernel.text import in_reader_language
from portal.project.projects.models import ProjectState
from portal.sprints.sprints.models import BlockerKind, SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel


@dataclass(frozen=True)
class ListedProject:
    """A project in a list."""

    id: UUID
    programme_id: UUID
    slug: str
    organisation: str
    acronym: str
    title_fr: str
    title_en: str
    starts_on: date
    state: ProjectState
    rests_since: date | None  # paused, finished or stopped on that day
    stop_reason: str

    @property
    def title(self) -> str:
        return in_reader_language(self.title_fr, self.title_en)

    @property
    def short_name(self) -> str:
        return self.acronym or self.organisation


@dataclass(frozen=True)
class ListedRunningSprint:
    """A sprint in progress, without the draft of its log, which only the team reads."""

    number: int
    goal: str
    ends_on: date


@dataclass(frozen=True)
class ListedSprintLog:
    """The log of a closed sprint; what blocks is what help was asked for since, if it was."""

    number: int
    outcome: SprintOutcome
    summary: str
    outlook: OutlookLevel | None
    outlook_note: str
    blocker: BlockerKind
    blocker_text: str
    help_wanted: bool  # also by a question
    has_help_words: bool  # it, or the sprint that runs, asks for the help


NAME_MAX = 80
QUERY_MAX = 600
VIEWS_MAX = 20  # of one person in one programme


class PortfolioView(Entity):
    """Filters and order as a query string, saved by a person; the leads of the programme see it too
    where it is shared."""

    __tablename__ = "portfolio_view"
    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    query: Mapped[str] = mapped_column(String(QUERY_MAX), default="")
    is_shared: Mapped[bool] = mapped_column(default=False)
