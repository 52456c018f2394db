"""A laureate's project. It shares its key with the scope in which its team holds its roles."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.people.accounts.models import Person
from portal.people.programmes.models import SLUG_MAX, Programme, Scope, Track
from portal.platform.kernel.database import Base, Entity, Versioned
from portal.platform.kernel.text import in_reader_language

ORGANISATION_MAX = 200
ACRONYM_MAX = 40
TITLE_MAX = 250
TEXT_MAX = 4000
LINE_MAX = 300
URL_MAX = 500
NUMBER_MAX = 9999  # of things of one kind in a project's file


class ProjectState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class Project(Versioned):
    """`starts_on` and `ends_on` are the baseline: the support as it was agreed at the start."""

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
    def title(self) -> str:
        return in_reader_language(self.title_fr, self.title_en)

    @property
    def short_name(self) -> str:
        return self.acronym or self.organisation

    @property
    def state(self) -> ProjectState:
        if self.stopped_on:
            return ProjectState.STOPPED
        if self.finished_on:
            return ProjectState.FINISHED
        return ProjectState.PAUSED if self.paused_on else ProjectState.ACTIVE


class ProjectTrack(Base):
    """A project is supported on this track."""

    __tablename__ = "project_track"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)
    track_id: Mapped[UUID] = mapped_column(ForeignKey(Track.id), primary_key=True)


class ProjectFigures(Base):
    """What lists sort, filter and count projects by: one narrow row, kept in step by the commands.

    The first part repeats the project's own file, so that a list of thousands reads no long text.
    The second is what the project's sprints say; the floor of sprints keeps it. The third is how
    many findings are open and severe, and how many of those are as grave as can be: the floor of
    findings keeps it. `outlook` is that of the last log, "" before any; `silent_since` is its close
    or, before any, the day on which the project had both begun and been created.
    `mark` is another number after every change: the same sum of marks means the same figures.
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
    decision_awaited: Mapped[bool] = mapped_column(default=False)

    severe_open: Mapped[int] = mapped_column(default=0)
    gravest_open: Mapped[int] = mapped_column(default=0)


class Numbered(Versioned, Entity):
    """Something of a project's file. People call it by its number, which is the project's own."""

    __abstract__ = True

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    number: Mapped[int]


class VisitMark(Base):
    """`seen_at` is when they last landed; `before_at` when they last did on the visit before, None
    on the first one. A mark of reading, which no trail keeps."""

    __tablename__ = "visit_mark"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    seen_at: Mapped[datetime]
    before_at: Mapped[datetime | None]
