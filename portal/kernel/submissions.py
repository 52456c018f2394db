"""Create forms that a double click, a retry or an impatient thumb sends twice make one thing."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Entity, aside, db, rows
from portal.kernel.ids import new_id
from portal.kernel.statements import Once


class Submission(Entity):
    """A form that was sent: unique per person, form and key, kept with where its result is seen."""

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("person_id", "form", "key"),)

    person_id: Mapped[UUID]  # no foreign key: the ground floor knows no people
    form: Mapped[str] = mapped_column(sa.String(200))
    key: Mapped[str] = mapped_column(sa.String(64))
    location: Mapped[str | None] = mapped_column(sa.String(500))


# Made once, for either database: every create form asks them.
_CLAIM = {
    dialect.__name__.rsplit(".", 1)[1]: Once(
        dialect.insert(Submission).on_conflict_do_nothing().returning(Submission.id),
        columns=Submission.__table__.columns.keys(),
    )
    for dialect in (postgresql, sqlite)
}
_MINE = (
    Submission.person_id == sa.bindparam("person"),
    Submission.form == sa.bindparam("on_form"),
    Submission.key == sa.bindparam("with_key"),
)
_REMEMBER = Once(sa.update(Submission).where(*_MINE).values(location=sa.bindparam("seen_at")))
_LOCATION = Once(sa.select(Submission.location).where(*_MINE))


def claim(person_id: UUID, form: str, key: str) -> bool:
    """Take a key for the transaction under way; False when its form was acted on already.

    A second sender waits for the first one's transaction, on both databases.
    """
    row = {"person_id": person_id, "form": form, "key": key, "location": None}
    stamped = row | {"id": new_id(), "created_at": clock.now()}
    return bool(rows(_CLAIM[db.engine.dialect.name], stamped))


def remember(person_id: UUID, form: str, key: str, location: str) -> None:
    """Note where the result of a claimed key is seen."""
    rows(_REMEMBER, _mine(person_id, form, key) | {"seen_at": location})


def find_location(person_id: UUID, form: str, key: str) -> str | None:
    """Where the result of an earlier submission is seen."""
    found = rows(_LOCATION, _mine(person_id, form, key))
    return found[0][0] if found else None


def clear_old(before: datetime) -> int:
    """Forget the keys of forms that were sent before a moment; how many."""
    with aside() as session:
        old = sa.delete(Submission).where(Submission.created_at < before)
        return cast("sa.CursorResult[Any]", session.execute(old)).rowcount


def _mine(person_id: UUID, form: str, key: str) -> dict[str, object]:
    return {"person": person_id, "on_form": form, "with_key": key}
