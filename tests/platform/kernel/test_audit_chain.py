"""Sealing of the audit trail: one unbroken hash chain."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_chain import (
    COLUMNS,
    EMPTY_HASH,
    AuditSeal,
    read_last_seal_number_and_hash,
    seal_hash,
)
from portal.platform.kernel.database import db
from tests.platform.kernel.tampering import walk, write_lines
from tests.support import factories as make

WRITERS, EACH = 8, 12


def record_one(programme: Programme | None = None, **facts: object) -> None:
    programme = programme or make.programme()
    deed = audit.ACTIONS["programme.edited"]
    audit.record(None, deed, programme, scope_id=programme.id, facts=facts)


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_each_line_has_a_seal_that_holds_the_one_before(app):
    lines = write_lines(3)
    seals = db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.number)).all()
    assert [seal.number for seal in seals] == [1, 2, 3]
    before = EMPTY_HASH
    for line, seal in zip(lines, seals, strict=True):
        before = seal_hash(before, {name: getattr(line, name) for name in COLUMNS})
        assert (seal.event_id, seal.hash) == (line.id, before)
    assert read_last_seal_number_and_hash(db.session()) == (3, before)
    faults, taken = walk()
    assert (faults, taken.seals, taken.last.hash) == ([], 3, before)


def test_several_lines_of_one_transaction_are_sealed_in_their_order(app):
    programme = make.programme()
    for number in range(5):
        record_one(programme, number=number)
    db.session.commit()
    facts = sa.select(AuditEvent.facts).join(AuditSeal, AuditSeal.event_id == AuditEvent.id)
    told = db.session.scalars(facts.order_by(AuditSeal.number)).all()
    assert [one["number"] for one in told] == [0, 1, 2, 3, 4]
    assert walk()[0] == []


@pytest.mark.parametrize(
    "facts",
    [
        {"ratio": 0.1, "whole": 1.0, "small": 1e-9, "large": 1e300, "half": -0.5, "no": -0.0},
        {"text": "é “ligne”\n\t\\ \u2028 \U0001f600 </script>", "empty": "", "": "no name"},
        {"deep": {"z": [1, {"b": None, "a": True}], "a": []}, "large": 2**60},
    ],
    ids=["numbers", "text", "nested"],
)
def test_what_is_sealed_is_what_the_database_gives_back(app, facts):
    with clock.frozen_at(datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=-9)))):
        record_one(**facts)
        db.session.commit()
    assert walk()[0] == []


def test_the_hash_is_the_same_on_every_machine_and_engine():
    """Hashes are stored in databases: the function may never change."""
    line = {"id": UUID(int=7), "facts": {"b": 1.0, "a": "é"}, "actor_id": None}
    line["created_at"] = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    paris = line["created_at"].astimezone(timezone(timedelta(hours=1)))
    expected = "e5a087229c13ef91b72133690769e2b53b0a66aac2831176c8edeb8ce9e03e2e"
    assert seal_hash(EMPTY_HASH, line) == expected
    assert seal_hash(EMPTY_HASH, line | {"created_at": paris, "facts": {"a": "é", "b": 1}}) == expected


def test_a_line_of_a_rolled_back_savepoint_has_no_seal_and_leaves_no_gap(app):
    programme = make.programme()
    record_one(programme, number=1)
    with db.session.begin_nested() as savepoint:
        record_one(programme, number=2)
        db.session.flush()
        savepoint.rollback()
    with db.session.begin_nested():
        record_one(programme, number=3)
    db.session.commit()
    assert (count(AuditEvent), count(AuditSeal)) == (2, 2)
    assert walk()[0] == []


def test_what_was_rolled_back_or_left_open_is_forgotten(app):
    record_one(number=1)
    db.session.rollback()
    record_one(number=2)
    db.session.flush()
    db.session.close()
    record_one(number=3)
    db.session.commit()
    assert (count(AuditEvent), count(AuditSeal)) == (1, 1)
    assert walk()[0] == []


def test_a_line_that_the_program_has_let_go_of_is_sealed(app):
    record_one(number=1)
    db.session.flush()
    db.session.expunge_all()
    db.session.commit()
    assert walk()[0] == []
    assert count(AuditSeal) == 1


def test_a_commit_without_a_line_takes_no_lock(app, statements):
    make.programme()
    assert not [sql for sql in statements if "audit_seal" in sql or "advisory" in sql]
    record_one(number=1)
    db.session.commit()
    asked = [sql for sql in statements if "audit_seal" in sql or "advisory" in sql]
    locks = 1 if db.engine.dialect.name == "postgresql" else 0
    assert len(asked) == 2 + locks, asked


def test_eight_writers_at_once_make_one_chain(app: Flask):
    together = Barrier(WRITERS)

    def write(_: int) -> None:
        with app.app_context():
            together.wait()
            for number in range(EACH):
                record_one(number=number)
                db.session.commit()
            db.session.remove()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    numbers = db.session.scalars(sa.select(AuditSeal.number).order_by(AuditSeal.number)).all()
    assert numbers == list(range(1, WRITERS * EACH + 1))
    assert walk(batch=1000)[0] == []
