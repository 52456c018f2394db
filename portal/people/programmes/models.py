"""Scopes, programmes, tracks, roles and invitations.

A scope is where roles are held: the installation, a programme in it, or a project in a programme.
Programmes and projects share their primary key with their scope, so that a role, discussion or file
refers to a scope and does not depend on projects.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.people.accounts.models import EMAIL_MAX, Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import Entity, Versioned
from portal.platform.kernel.months import months_after
from portal.platform.kernel.text import in_reader_language

NAME_MAX = 120
SLUG_MAX = 60
ABOUT_MAX = 2000
MONTHS_MAX = 36
RETENTION = 12  # months for which test sessions are kept by default
RETENTION_MAX = 60  # months
TRACKS_MAX = 12  # per programme
SHARE_MAX = 100  # per cent of a working week
PLACE_MAX = 500
PAGE_MAX = 300

INSTALLATION = UUID(int=1)  # the id of the scope created by the first migration


class ScopeKind(StrEnum):
    INSTALLATION = "installation"
    PROGRAMME = "programme"
    PROJECT = "project"


class Scope(Entity):
    __tablename__ = "scope"
    __table_args__ = (
        CheckConstraint("(kind = 'installation') = (parent_id IS NULL)", name="only_root_is_alone"),
    )

    kind: Mapped[ScopeKind]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("scope.id"), index=True)


@dataclass(frozen=True)
class PolicyScope:
    """The columns of a scope that policies read, without the row."""

    id: UUID
    parent_id: UUID | None


class Programme(Versioned):
    """A cohort of projects over some months; `starts_on` is the first day of month 1.

    `test_retention` is the number of months after a project's end for which its test sessions are
    kept. From `left_at` on, its content leaves and none of its pages opens, but one that says so.
    """

    __tablename__ = "programme"
    __table_args__ = (CheckConstraint(f"months BETWEEN 1 AND {MONTHS_MAX}", name="months"),)

    id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id), primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_MAX), unique=True)
    name_fr: Mapped[str] = mapped_column(String(NAME_MAX))
    name_en: Mapped[str] = mapped_column(String(NAME_MAX))
    about_fr: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    months: Mapped[int] = mapped_column(default=10)
    test_retention: Mapped[int] = mapped_column(default=RETENTION)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    left_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        return in_reader_language(self.name_fr, self.name_en)

    @property
    def about(self) -> str:
        return in_reader_language(self.about_fr, self.about_en)

    @property
    def ends_on(self) -> date:
        """Return the last day of the last month."""
        return months_after(self.starts_on, self.months) - timedelta(days=1)

    def month_on(self, day: date) -> int:
        """Return the month of support of a day: 0 before the first, at most the last."""
        return support_month_of(self.starts_on, self.months, day)


def support_month_of(starts_on: date, months: int, day: date) -> int:
    """Return the month of support of a day in a programme of so many months."""
    complete_months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    complete_months -= day < months_after(starts_on, complete_months)
    return max(0, min(complete_months + 1, months))


class Track(Versioned, Entity):
    """A strand of support, such as technical or strategic; `position` orders them."""

    __tablename__ = "track"
    __table_args__ = (UniqueConstraint("programme_id", "key"),)

    programme_id: Mapped[UUID] = mapped_column(ForeignKey(Programme.id))
    key: Mapped[str] = mapped_column(String(SLUG_MAX))
    name_fr: Mapped[str] = mapped_column(String(NAME_MAX))
    name_en: Mapped[str] = mapped_column(String(NAME_MAX))
    position: Mapped[int]

    @property
    def name(self) -> str:
        return in_reader_language(self.name_fr, self.name_en)


class RoleAssignment(Entity):
    """A role of a person in a scope; a coach's role in a project is on one of its tracks."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        CheckConstraint(f"share_of_time BETWEEN 0 AND {SHARE_MAX}", name="share_of_time"),
        Index(
            "uq_role_assignment_plain",
            "scope_id",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("track_id IS NULL"),
            postgresql_where=text("track_id IS NULL"),
        ),
        Index(
            "uq_role_assignment_on_track",
            "scope_id",
            "person_id",
            "role",
            "track_id",
            unique=True,
            sqlite_where=text("track_id IS NOT NULL"),
            postgresql_where=text("track_id IS NOT NULL"),
        ),
    )

    scope_id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    role: Mapped[Role]
    track_id: Mapped[UUID | None] = mapped_column(ForeignKey(Track.id))
    share_of_time: Mapped[int | None]  # per cent


class Invitation(Entity):
    """An offer of a role, accepted once through a link. Only the hash of its token is stored.

    `place_*` is the name of the scope and `page` its path, given by the feature that owns it, since
    programmes do not depend on projects. Both are shown to people without an account.
    """

    __tablename__ = "invitation"

    scope_id: Mapped[UUID] = mapped_column(ForeignKey(Scope.id), index=True)
    email: Mapped[str] = mapped_column(String(EMAIL_MAX))
    role: Mapped[Role]
    share_of_time: Mapped[int | None]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    revoked_at: Mapped[datetime | None]
    place_fr: Mapped[str] = mapped_column(String(PLACE_MAX), default="")
    place_en: Mapped[str] = mapped_column(String(PLACE_MAX), default="")
    page: Mapped[str] = mapped_column(String(PAGE_MAX), default="/")

    @property
    def place(self) -> str:
        return in_reader_language(self.place_fr, self.place_en)
