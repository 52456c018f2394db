"""What somebody with every right on the database could do to the audit trail, guards taken down."""

import sqlalchemy as sa

from portal.platform.kernel import audit
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_chain import AuditSeal
from portal.platform.kernel.audit_verification import AuditAnchor, AuditWalk
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from tests.support import factories as make

TABLES = ("audit_event", "audit_seal")


def write_lines(n: int) -> list[AuditEvent]:
    """Lines of the trail, each committed by itself; in the order of their seals."""
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


def walk(*anchors: AuditAnchor, batch: int = 3) -> tuple[list[str], AuditWalk]:
    """What a walk finds, by default in batches so small that their seams are walked too."""
    db.session.rollback()
    taken = AuditWalk(anchors, batch=batch)
    return list(taken.list_faults()), taken


def tamper(*deeds: str, **values: object) -> None:
    """Take the guards down, as whoever owns the database can, and act; in one transaction."""
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
    """UUIDs are kept differently on the two engines: let their type write them."""
    return [sa.bindparam(name, type_=sa.Uuid()) for name in values if f":{name}" in deed]


def change(line: AuditEvent) -> None:
    tamper("UPDATE audit_event SET action = 'nothing.happened' WHERE id = :id", id=line.id)


def remove(line: AuditEvent) -> None:
    tamper("DELETE FROM audit_event WHERE id = :id", id=line.id)


def remove_seal(line: AuditEvent) -> None:
    tamper("DELETE FROM audit_seal WHERE event_id = :id", id=line.id)


def remove_both(line: AuditEvent) -> None:
    tamper(
        "DELETE FROM audit_event WHERE id = :id",
        "DELETE FROM audit_seal WHERE event_id = :id",
        id=line.id,
    )


def change_seal(line: AuditEvent) -> None:
    tamper(f"UPDATE audit_seal SET hash = '{'f' * 64}' WHERE event_id = :id", id=line.id)


def swap(one: AuditEvent, other: AuditEvent) -> None:
    """The contents of two lines change places; their ids and seals stay."""
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
    """Two lines change their places in the chain."""
    move = "UPDATE audit_seal SET event_id = :{} WHERE event_id = :{}"
    ways = [("spare", "one"), ("one", "other"), ("other", "spare")]
    steps = [move.format(*way) for way in ways]
    tamper(*steps, one=one.id, other=other.id, spare=new_id())


def add_without_seal() -> None:
    others = 'created_at, action, subject, subject_id, facts, "before", "after"'
    tamper(
        f"INSERT INTO audit_event (id, {others}) SELECT :id, {others} FROM audit_event LIMIT 1",
        id=new_id(),
    )


def make_unreadable(line: AuditEvent) -> None:
    """SQLite takes anything in any column; PostgreSQL at least wants JSON."""
    text = "not json" if db.engine.dialect.name == "sqlite" else "[]"
    tamper(f"UPDATE audit_event SET facts = '{text}' WHERE id = :id", id=line.id)
