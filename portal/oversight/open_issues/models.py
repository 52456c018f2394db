"""The stored figures of open issues: one narrow row a project, written by the projection alone."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel.database import Base
from portal.project.projects.models import Project

SHEET_MAX = 16


class StoredIssueFigures(Base):
    """The columns of `IssueFigures`, updated in the transaction that changed them."""

    __tablename__ = "concern_figures"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id), primary_key=True)
    findings: Mapped[list[int]] = mapped_column(JSON)
    severe_number: Mapped[int | None]
    severe_since: Mapped[date | None]
    reviews: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    conditions: Mapped[list[str]] = mapped_column(JSON)
    triggers: Mapped[int]
    triggered_on: Mapped[date | None]
    waived: Mapped[list[int]] = mapped_column(JSON)
    high: Mapped[int]
    measures: Mapped[list[str]] = mapped_column(JSON)
    sheet: Mapped[str] = mapped_column(String(SHEET_MAX))
    sheet_on: Mapped[date | None]
