"""Manipulations of the audit trail by an attacker with all rights on the database."""

import sqlalchemy as sa

from portal.platform.kernel import audit
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_chain import AuditSeal
from portal.platform.kernel.audit_verification import AuditAnchor, AuditTrailVerification
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from tests.support import factories as make

TABLES = ("audit_event", "audit_seal")


def write_lines(n: int) -> list[AuditEvent]:
    """Append events in transactions of their own; returns them in the order of their seals."""
    programme = make.programme()
    for number in range(n):
        deed = audit.ACTIONS["programme.edited"]
        audit.record(None, deed, programme, scope_id=programme.id, facts={"number": number})
        db.session.commit()
    return list(
        db.session.scalars(
            sa.select(AuditEvent)
            .join(AuditSeal, AuditSeal.event_id == AuditEvent.id)
            .order_by(AuditSeal.number)
        )
    )


def walk(*anchors: AuditAnchor, batch: int = 3) -> tuple[list[str], AuditTrailVerification]:
    """The faults of a verification, by default in small batches to cover their boundaries."""
    db.session.rollback()
    taken = AuditTrailVerification(anchors, batch=batch)
    return list(taken.list_faults()), taken


def tamper(*deeds: str, **values: object) -> None:
    """Remove the triggers, as the database's owner can, and run statements in one transaction."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN {}"
            for (name,) in connection.execute(sa.text(guards.format(TABLES))).all():
                connection.execute(sa.text(f"DROP TRIGGER {name}"))
        for deed in deeds:
            bound = sa.text(deed).bindparams(*_ids(deed, values))
            connection.execute(bound, {k: v for k, v in values.items() if f":{k}" in deed})


def _ids(deed: str, values: dict[str, object]) -> list["sa.BindParameter[object]"]:
    """A UUID as the engine stores it."""
    return [sa.bindparam(name, type_=sa.Uuid()) for name in values if f":{name}" in deed]


def change(line: AuditEvent) -> None:
    tamper("UPDATE audit_event SET action = 'nothing.happened' WHERE id = :id", id=line.id)


def remove(line: AuditEvent) -> None:
    tamper("DELETE FROM audit_event WHERE id = :id", id=line.id)


def remove_seal(line: AuditEvent) -> None:
    tamper("DELETE FROM audit_seal WHERE event_id = :id", id=line.id)


def remove_both(line: AuditEvent) -> None:
    tamper(
        "DELETE FROM audit_event WHERE id = :id", "DELETE FROM audit_seal WHERE event_id = :id", id=line.id
    )


def change_seal(line: AuditEvent) -> None:
    tamper(f"UPDATE audit_seal SET hash = '{'f' * 64}' WHERE event_id = :id", id=line.id)


def swap(one: AuditEvent, other: AuditEvent) -> None:
    """Swap the contents of two events; their ids and seals stay."""
    tamper(
        "CREATE TEMPORARY TABLE swapped AS SELECT * FROM audit_event WHERE id IN (:one, :other)",
        *(
            f"UPDATE audit_event SET {column} = (SELECT s.{column} FROM swapped s"
            " WHERE s.id <> audit_event.id) WHERE id IN (:one, :other)"
            for column in ("action", "facts", "created_at")
        ),
        "DROP TABLE swapped",
        one=one.id,
        other=other.id,
    )


def reorder(one: AuditEvent, other: AuditEvent) -> None:
    """Swap the places of two events in the chain."""
    move = "UPDATE audit_seal SET event_id = :{} WHERE event_id = :{}"
    ways = [("spare", "one"), ("one", "other"), ("other", "spare")]
    steps = [move.format(*way) for way in ways]
    tamper(*steps, one=one.id, other=other.id, spare=new_id())


def add_without_seal() -> None:
    others = 'created_at, action, subject, subject_id, facts, "before", "after"'
    tamper(
        f"INSERT INTO audit_event (id, {others}) SELECT :id, {others} FROM audit_event LIMIT 1", id=new_id()
    )


def make_unreadable(line: AuditEvent) -> None:
    """An unreadable value: SQLite stores anything in any column, PostgreSQL requires JSON."""
    text = "not json" if db.engine.dialect.name == "sqlite" else "[]"
    tamper(f"UPDATE audit_event SET facts = '{text}' WHERE id = :id", id=line.id)
