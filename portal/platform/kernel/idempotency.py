"""Idempotency keys: a create form that is sent twice (double click, retry) creates one row."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel import clock
from portal.platform.kernel.database import Entity, db, fetch_rows, separate_transaction
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.prepared_statements import PreparedStatement


class IdempotencyKey(Entity):
    """A submitted form: unique per person, form and key, with the path of its result."""

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("person_id", "form", "key"),)

    person_id: Mapped[UUID]  # no foreign key: the kernel does not import people
    form: Mapped[str] = mapped_column(sa.String(200))
    key: Mapped[str] = mapped_column(sa.String(64))
    location: Mapped[str | None] = mapped_column(sa.String(500))


# One upsert per dialect.
_CLAIM = {
    dialect.__name__.rsplit(".", 1)[1]: PreparedStatement(
        dialect.insert(IdempotencyKey).on_conflict_do_nothing().returning(IdempotencyKey.id),
        columns=IdempotencyKey.__table__.columns.keys(),
    )
    for dialect in (postgresql, sqlite)
}
_SAME_KEY = (
    IdempotencyKey.person_id == sa.bindparam("person"),
    IdempotencyKey.form == sa.bindparam("on_form"),
    IdempotencyKey.key == sa.bindparam("with_key"),
)
_REMEMBER = PreparedStatement(
    sa.update(IdempotencyKey).where(*_SAME_KEY).values(location=sa.bindparam("seen_at"))
)
_LOCATION = PreparedStatement(sa.select(IdempotencyKey.location).where(*_SAME_KEY))


def claim_form_key(person_id: UUID, form: str, key: str) -> bool:
    """Claim a key for the current transaction; False when it was claimed before.

    A concurrent second request waits for the first one's transaction, on both databases.
    """
    row = {"person_id": person_id, "form": form, "key": key, "location": None}
    stamped = row | {"id": new_id(), "created_at": clock.now()}
    return bool(fetch_rows(_CLAIM[db.engine.dialect.name], stamped))


def save_result_location(person_id: UUID, form: str, key: str, location: str) -> None:
    """Store the path of the result of a claimed key."""
    fetch_rows(_REMEMBER, _key_values(person_id, form, key) | {"seen_at": location})


def find_result_location(person_id: UUID, form: str, key: str) -> str | None:
    """The path of the result of an earlier submission, if any."""
    location_rows = fetch_rows(_LOCATION, _key_values(person_id, form, key))
    return location_rows[0][0] if location_rows else None


def delete_old_keys(before: datetime) -> int:
    """Delete the keys created before a moment; returns their number."""
    with separate_transaction() as session:
        old = sa.delete(IdempotencyKey).where(IdempotencyKey.created_at < before)
        return cast("sa.CursorResult[Any]", session.execute(old)).rowcount


def _key_values(person_id: UUID, form: str, key: str) -> dict[str, object]:
    return {"person": person_id, "on_form": form, "with_key": key}
