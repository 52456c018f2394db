"""Create forms that a double click, a retry or an impatient thumb sends twice make one thing."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Entity, db
from portal.kernel.ids import new_id


class Submission(Entity):
    """A form that was sent: unique per person, form and key, kept with where its result is seen."""

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("person_id", "form", "key"),)

    person_id: Mapped[UUID]  # no foreign key: the ground floor knows no people
    form: Mapped[str] = mapped_column(sa.String(200))
    key: Mapped[str] = mapped_column(sa.String(64))
    location: Mapped[str | None] = mapped_column(sa.String(500))


def claim(person_id: UUID, form: str, key: str) -> bool:
    """Take a key for the transaction under way; False when its form was acted on already.

    A second sender waits for the first one's transaction, on both databases.
    """
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = {"person_id": person_id, "form": form, "key": key, "location": None}
    stamped = row | {"id": new_id(), "created_at": clock.now()}
    claimed = db.session.execute(
        insert(Submission).values(stamped).on_conflict_do_nothing().returning(Submission.id)
    )
    return claimed.first() is not None


def remember(person_id: UUID, form: str, key: str, location: str) -> None:
    """Note where the result of a claimed key is seen."""
    mine = _mine(person_id, form, key)
    db.session.execute(sa.update(Submission).where(*mine).values(location=location))


def find_location(person_id: UUID, form: str, key: str) -> str | None:
    """Where the result of an earlier submission is seen."""
    return db.session.scalar(sa.select(Submission.location).where(*_mine(person_id, form, key)))


def _mine(person_id: UUID, form: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return Submission.person_id == person_id, Submission.form == form, Submission.key == key
