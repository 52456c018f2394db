"""Prepared statements: type conversion, errors, and statements that cannot be compiled once."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, fetch_rows
from portal.platform.kernel.idempotency import IdempotencyKey
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.prepared_statements import PreparedStatement

COLUMNS = IdempotencyKey.__table__.columns.keys()
_KEEP = PreparedStatement(sa.insert(IdempotencyKey), columns=COLUMNS)
_OF = PreparedStatement(
    sa.select(IdempotencyKey.id, IdempotencyKey.created_at, IdempotencyKey.location, sa.literal(7))
    .where(IdempotencyKey.person_id == sa.bindparam("person"))
    .limit(1)
)
_IDS = sa.bindparam("ids", expanding=True)


def test_values_come_back_as_the_session_would_give_them(app):
    id_, person, now = new_id(), new_id(), clock.now()
    row = {"id": id_, "created_at": now, "person_id": person, "form": "/", "key": "k"}
    assert fetch_rows(_KEEP, row | {"location": None}) == ()
    assert fetch_rows(_OF, {"person": person}) == [(id_, now, None, 7)]
    assert db.session.get(IdempotencyKey, id_).created_at == now
    assert list(fetch_rows(_OF, {"person": new_id()})) == []


def test_a_refusal_of_the_database_is_the_one_that_forms_know(app):
    row = {"id": new_id(), "created_at": clock.now(), "person_id": new_id(), "form": "/"}
    row |= {"key": "k", "location": None}
    fetch_rows(_KEEP, row)
    with pytest.raises(IntegrityError):
        fetch_rows(_KEEP, row)


def test_a_value_that_is_not_given_is_no_null(app):
    with pytest.raises(Exception, match="key"):
        fetch_rows(_KEEP, {"id": new_id(), "created_at": clock.now(), "person_id": new_id(), "form": ""})


@pytest.mark.parametrize(
    "statement",
    [
        PreparedStatement(sa.select(IdempotencyKey.id).where(IdempotencyKey.id.in_(_IDS))),
        PreparedStatement(sa.insert(AuditEvent), columns=["action"]),
    ],
    ids=["a list", "a default of the model"],
)
def test_what_is_made_anew_each_time_is_refused(app, statement):
    with pytest.raises(ValueError, match="cannot be compiled once"):
        fetch_rows(statement, {"ids": [], "action": "x"})


def test_a_value_that_a_statement_asks_for_is_asked_each_time(app):
    today = PreparedStatement(sa.select(sa.bindparam("today", type_=sa.Date(), callable_=clock.today)))
    for day in (2, 3):
        with clock.frozen_at(datetime(2026, 11, day, 12, tzinfo=UTC)):
            assert fetch_rows(today, {}) == [(date(2026, 11, day),)]


def test_a_value_that_stands_twice_is_converted_once(app):
    person = new_id()
    row = {"id": new_id(), "created_at": clock.now(), "person_id": person, "form": "/"}
    fetch_rows(_KEEP, row | {"key": "k", "location": None})
    asked = sa.bindparam("who", type_=sa.Uuid()), sa.bindparam("who", type_=sa.Uuid())
    twice = sa.and_(IdempotencyKey.person_id == asked[0], IdempotencyKey.id != asked[1])
    assert fetch_rows(PreparedStatement(sa.select(IdempotencyKey.key).where(twice)), {"who": person}) == [
        ("k",)
    ]


def test_lists_that_a_statement_brings_are_written_out(app):
    named = sa.select(sa.literal("a").in_(["a", "b"]), sa.literal("c").in_(["a", "b"]))
    assert [tuple(map(bool, row)) for row in fetch_rows(PreparedStatement(named), {})] == [(True, False)]


def test_whoever_counts_statements_hears_of_it(app, statements):
    fetch_rows(_OF, {"person": new_id()})
    assert any("FROM submission" in sent for sent in statements)
