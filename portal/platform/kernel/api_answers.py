"""Answers of the API's writes, by the `Idempotency-Key` of the request: sent twice, it acts once.

The row is written in the transaction of the write, and kept for a day. Its body is encrypted: it may
hold a secret that is shown once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.platform.kernel import clock
from portal.platform.kernel.database import Base, db, separate_transaction
from portal.platform.kernel.sealed_columns import SEALED
from portal.platform.kernel.secret_box import SecretBox, is_encrypted_text
from portal.platform.kernel.services import get_service

KEPT_FOR = timedelta(days=1)


class StoredApiAnswer(Base):
    """The answer to a write: unique per account and key. `status` is 0 until it is known."""

    __tablename__ = "api_answer"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)  # no foreign key, as in `idempotency`
    key: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))  # of token, method, address and body
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    body: Mapped[str] = mapped_column(sa.Text, info=SEALED)  # in clear where release 0.5 wrote it


def claim_answer_key(person_id: UUID, key: str, fingerprint: str) -> bool:
    """Claim a key for the current transaction; False when it was claimed before.

    A concurrent second request waits for the first one's transaction, on both databases. A key that
    is older than `KEPT_FOR` can be claimed again.
    """
    db.session.execute(
        sa.delete(StoredApiAnswer).where(
            StoredApiAnswer.person_id == person_id,
            StoredApiAnswer.key == key,
            StoredApiAnswer.created_at < _oldest_creation_moment(),
        )
    )
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = {"person_id": person_id, "key": key, "created_at": clock.now(), "fingerprint": fingerprint}
    new = insert(StoredApiAnswer).values(**row, status=0, headers={}, body="")
    claimed = db.session.scalar(new.on_conflict_do_nothing().returning(StoredApiAnswer.key))
    return claimed is not None


def save_answer(person_id: UUID, key: str, status: int, headers: Mapping[str, str], body: str) -> None:
    """Store the answer of a claimed key."""
    same_key = StoredApiAnswer.person_id == person_id, StoredApiAnswer.key == key
    closed = get_service(SecretBox).close(body) if body else ""
    values = {"status": status, "headers": dict(headers), "body": closed}
    db.session.execute(sa.update(StoredApiAnswer).where(*same_key).values(**values))


def find_answer(person_id: UUID, key: str) -> StoredApiAnswer | None:
    """The stored answer of a key, if any."""
    same_key = StoredApiAnswer.person_id == person_id, StoredApiAnswer.key == key
    return db.session.scalar(sa.select(StoredApiAnswer).where(*same_key))


def read_answer_body(answer: StoredApiAnswer) -> str | None:
    """The body of a stored answer; None when no key of this installation opens it."""
    return get_service(SecretBox).open(answer.body) if is_encrypted_text(answer.body) else answer.body


def delete_old_answers(_before: datetime) -> int:
    """Delete the answers that are older than `KEPT_FOR`; returns their number."""
    with separate_transaction() as session:
        old = sa.delete(StoredApiAnswer).where(StoredApiAnswer.created_at < _oldest_creation_moment())
        return cast("sa.CursorResult[Any]", session.execute(old)).rowcount


def _oldest_creation_moment() -> datetime:
    return clock.now() - KEPT_FOR
