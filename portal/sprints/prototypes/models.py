"""Versions of a prototype: links, degree of automation, and exposure of people."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.collaboration.discussions.models import Discussion
from portal.project.projects.models import Numbered
from portal.sprints.sprints.models import Sprint

NAME_MAX = 120
LINE_MAX = 300
TEXT_MAX = 4000
URL_MAX = 500


class AutomationLevel(StrEnum):
    """How much the prototype decides, in ascending order."""

    INFORM = "inform"
    SUGGEST = "suggest"
    CHECKED = "checked"  # decides, under human control
    ALONE = "alone"


class Exposure(StrEnum):
    """The people whom its answers affect."""

    AGENTS = "agents"
    CITIZENS = "citizens"


class PrototypeVersion(Numbered):
    """A released version; `number` counts from 1. Links are http(s) URLs or empty."""

    __tablename__ = "prototype_version"
    page_path = "/file/prototypes/{number}"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    discussion_id: Mapped[UUID] = mapped_column(ForeignKey(Discussion.id), unique=True)
    sprint_id: Mapped[UUID | None] = mapped_column(ForeignKey(Sprint.id), index=True)
    released_on: Mapped[date]
    changes: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(URL_MAX), default="")
    recording: Mapped[str] = mapped_column(String(URL_MAX), default="")
    automation: Mapped[AutomationLevel]
    exposure: Mapped[Exposure]
    model_family: Mapped[str] = mapped_column(String(NAME_MAX), default="")
    model_provider: Mapped[str] = mapped_column(String(NAME_MAX), default="")
