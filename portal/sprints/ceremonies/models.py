"""Demonstrations (attendance and feedback), retrospectives, and the actions they decide."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.people.accounts.models import Person
from portal.platform.kernel.database import Entity, Versioned
from portal.project.projects.models import Numbered, Project
from portal.sprints.backlog.models import Item
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint

LINE_MAX = 200
TEXT_MAX = 4000
PEOPLE_MAX = 999  # attendees of one role at one demonstration

# Attendees by their role for the project: each name is a column with a count. No names of people.
IN_TEAM = ("team_business", "team_technical")
OUTSIDE = ("agents", "citizens", "management", "support", "coaches", "others")
ATTENDEES = IN_TEAM + OUTSIDE


class Settlement(StrEnum):
    """How an action ended."""

    COMPLETED = "done"
    DROPPED = "dropped"


class Demonstration(Numbered):
    """The work of a sprint, shown on a day to people who are counted, never named."""

    __tablename__ = "demonstration"
    page_path = "/demonstrations/{number}"
    unrecorded = frozenset({"sprint_id", "prototype_version_id"})
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        *(CheckConstraint(f"{name} BETWEEN 0 AND {PEOPLE_MAX}", name=f"{name}_counts") for name in ATTENDEES),
        CheckConstraint(f"{' + '.join(ATTENDEES)} >= 1", name="somebody_came"),
    )

    sprint_id: Mapped[UUID] = mapped_column(ForeignKey(Sprint.id), index=True)
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    prototype_version_id: Mapped[UUID | None] = mapped_column(ForeignKey(PrototypeVersion.id), index=True)
    held_on: Mapped[date]
    team_business: Mapped[int] = mapped_column(default=0)
    team_technical: Mapped[int] = mapped_column(default=0)
    agents: Mapped[int] = mapped_column(default=0)
    citizens: Mapped[int] = mapped_column(default=0)
    management: Mapped[int] = mapped_column(default=0)
    support: Mapped[int] = mapped_column(default=0)  # IT, law, data protection
    coaches: Mapped[int] = mapped_column(default=0)  # and the programme's lead
    others: Mapped[int] = mapped_column(default=0)
    feedback: Mapped[str] = mapped_column(Text, default="")
    decisions: Mapped[str] = mapped_column(Text, default="")

    @property
    def in_team(self) -> int:
        """The number of attendees from the team."""
        return sum(getattr(self, name) for name in IN_TEAM)

    @property
    def outside(self) -> int:
        """The number of attendees from outside the team."""
        return sum(getattr(self, name) for name in OUTSIDE)


class Retrospective(Versioned, Entity):
    """What went well in a sprint and what did not. At most one per sprint."""

    __tablename__ = "retrospective"
    page_path: ClassVar[str] = "/sprints/{number}/retrospective"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), index=True)
    sprint_id: Mapped[UUID] = mapped_column(ForeignKey(Sprint.id), unique=True)
    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    held_on: Mapped[date]
    went_well: Mapped[str] = mapped_column(Text, default="")
    went_badly: Mapped[str] = mapped_column(Text, default="")


class RetroAction(Numbered):
    """What a team member will do by a day. Stays open across sprints until it is settled, also when
    its owner leaves the team; `item_id` is the item of the backlog made from it.
    """

    __tablename__ = "retro_action"
    page_path = "/actions/{number}"
    unrecorded = frozenset({"retrospective_id"})
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        CheckConstraint("what <> ''", name="says_what"),
        CheckConstraint("(settlement IS NULL) = (settled_at IS NULL)", name="settled_at_some_moment"),
        Index("ix_retro_action_project_id_settled_at", "project_id", "settled_at"),
    )

    retrospective_id: Mapped[UUID] = mapped_column(ForeignKey(Retrospective.id), index=True)
    what: Mapped[str] = mapped_column(String(LINE_MAX))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    due_on: Mapped[date]
    settlement: Mapped[Settlement | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey(Item.id), unique=True)
