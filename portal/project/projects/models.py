"""A laureate's project. It shares its primary key with the scope in which its team has roles."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, and_, false
from sqlalchemy.orm import Mapped, declared_attr, foreign, mapped_column, relationship

from portal.collaboration.discussions.models import Discussion
from portal.people.accounts.models import Person
from portal.people.programmes.models import MONTHS_MAX, SLUG_MAX, Programme, Scope, Track, support_month_of
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.platform.kernel.text import in_reader_language

ORGANISATION_MAX = 200
ACRONYM_MAX = 40
TITLE_MAX = 250
TEXT_MAX = 4000
LINE_MAX = 300
URL_MAX = 500
NUMBER_MAX = 9999  # rows of one model in a project


class ProjectState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class ProjectTransition(StrEnum):
    """A decision of the programme's lead on a project's state."""

    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    STOP = "stop"


class Project(Versioned):
    """`starts_on` and `ends_on` are the baseline: the support as agreed at the start."""

    __tablename__ = "project"
    __table_args__ = (
        CheckConstraint("starts_on < ends_on", name="ends_after_start"),
        CheckConstraint(
            "stopped_on IS NULL OR (stop_reason <> '' AND learnings <> '')", name="stopped_with_why"
        ),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id), primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id), index=True)
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    slug: Mapped[str] = mapped_column(String(SLUG_MAX), unique=True)
    organisation: Mapped[str] = mapped_column(String(ORGANISATION_MAX))
    organisation_fold: Mapped[str] = mapped_column(String(ORGANISATION_MAX * 2))
    acronym: Mapped[str] = mapped_column(String(ACRONYM_MAX), default="")
    title_fr: Mapped[str] = mapped_column(String(TITLE_MAX))
    title_en: Mapped[str] = mapped_column(String(TITLE_MAX), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    users_aimed_at: Mapped[str] = mapped_column(String(LINE_MAX), default="")
    repository_url: Mapped[str] = mapped_column(String(URL_MAX), default="")
    demonstration_url: Mapped[str] = mapped_column(String(URL_MAX), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    paused_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    stopped_on: Mapped[date | None]
    stop_reason: Mapped[str] = mapped_column(Text, default="")
    learnings: Mapped[str] = mapped_column(Text, default="")

    @property
    def months(self) -> int:
        """The months of its support, the last one whole or begun."""
        return support_month_of(self.starts_on, MONTHS_MAX, self.ends_on)

    def month_on(self, day: date) -> int:
        """Return the month of its support of a day: 0 before the first, at most the last."""
        return support_month_of(self.starts_on, self.months, day)

    @property
    def title(self) -> str:
        return in_reader_language(self.title_fr, self.title_en)

    @property
    def short_name(self) -> str:
        return self.acronym or self.organisation

    @property
    def state(self) -> ProjectState:
        return compute_project_state(self.stopped_on, self.finished_on, self.paused_on)

    @property
    def is_over(self) -> bool:
        """Whether it was stopped or finished: nothing of it can be decided until it resumes."""
        return self.state in OVER


OVER = frozenset({ProjectState.STOPPED, ProjectState.FINISHED})
# Active or paused: only then something of it can still be decided.
IS_NOT_OVER = (Project.finished_on.is_(None), Project.stopped_on.is_(None))


def compute_project_state(
    stopped_on: date | None, finished_on: date | None, paused_on: date | None
) -> ProjectState:
    """The state of a project, of which these days are known."""
    if stopped_on:
        return ProjectState.STOPPED
    if finished_on:
        return ProjectState.FINISHED
    return ProjectState.PAUSED if paused_on else ProjectState.ACTIVE


def state_condition(state: ProjectState) -> ColumnElement[bool]:
    """The condition of the projects of which `compute_project_state` says so."""
    days = (Project.stopped_on, Project.finished_on, Project.paused_on)
    states = (ProjectState.STOPPED, ProjectState.FINISHED, ProjectState.PAUSED, ProjectState.ACTIVE)
    place = states.index(state)
    return and_(
        *(day.is_(None) for day in days[:place]), *(day.is_not(None) for day in days[place : place + 1])
    )


class ProjectTrack(Base):
    """One of the tracks on which a project is supported."""

    __tablename__ = "project_track"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)
    track_id: Mapped[UUID] = mapped_column(ForeignKey(Track.id), primary_key=True)


class ProjectFigures(Base):
    """Stored figures by which lists sort, filter and count projects: one narrow row a project.

    The first part repeats columns of the project, so that a list of thousands reads no long text.
    The second comes from sprints (by the projection of `sprints`), the third counts open severe
    findings and the gravest among them (by that of `findings`). `outlook` is that of the last
    sprint log, "" before any: it counts until a weather is declared. `silent_since` is when that sprint was
    closed or, before any, the project's first day. `help_since` is when the oldest request for help that
    nobody took was made, else the oldest that waits; `help_taken`: somebody took all that wait. `mark` is a
    random number replaced at every change: an equal sum of marks means equal figures, so caches use it as
    their key.
    """

    __tablename__ = "project_figures"
    __table_args__ = (Index("ix_project_figures_programme_id_mark", "programme_id", "mark"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    mark: Mapped[int]
    organisation_fold: Mapped[str] = mapped_column(String(ORGANISATION_MAX * 2))
    acronym_fold: Mapped[str] = mapped_column(String(ACRONYM_MAX * 2))
    state: Mapped[ProjectState]

    running_number: Mapped[int | None]
    running_ends_on: Mapped[date | None]
    last_number: Mapped[int | None]
    silent_since: Mapped[datetime]
    missed_in_a_row: Mapped[int] = mapped_column(default=0)
    outlook: Mapped[str] = mapped_column(String(32), default="")
    help_wanted: Mapped[bool] = mapped_column(default=False)
    help_since: Mapped[datetime | None]
    help_taken: Mapped[bool] = mapped_column(default=False, server_default=false())
    decision_awaited: Mapped[bool] = mapped_column(default=False)

    severe_open: Mapped[int] = mapped_column(default=0)
    gravest_open: Mapped[int] = mapped_column(default=0)


class InProject:
    """A row that belongs to a project, by its column `project_id`."""

    @declared_attr
    @classmethod
    def own_project(cls) -> Mapped[Project]:
        """No statement where the session holds the project."""
        return relationship(Project, primaryjoin=lambda: Project.id == foreign(cls.project_id), viewonly=True)  # type: ignore[attr-defined]

    @property
    def project_slug(self) -> str:
        return self.own_project.slug


class Numbered(InProject, Versioned, Entity):
    """A row of a project that people call by its number: 1, 2, 3… within its model and project.

    A model declares `page_path`, the path of the page that shows a row below its project's, such as
    "/risks/{number}" (without `{number}` for a page that lists the rows). The kit for such rows:
    `path_rules`, `numbered_queries`, `work_commands` and `workspace_views`.

    Recorded changes leave out the columns `unrecorded`, and the texts of the columns `unquoted`.
    """

    __abstract__ = True
    page_path: ClassVar[str]
    unrecorded: ClassVar[frozenset[str]] = frozenset()
    unquoted: ClassVar[frozenset[str]] = frozenset()

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    number: Mapped[int]


class LastPortalVisit(Base):
    """When a person last opened a page of the portal, and when they last did on the visit before.

    `before_at` is None on the first visit. Not audited, as it is no change of anybody's data.
    """

    __tablename__ = "visit_mark"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    seen_at: Mapped[datetime]
    before_at: Mapped[datetime | None]
