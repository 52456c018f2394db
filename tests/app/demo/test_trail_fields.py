"""The demonstration's trail: every field that changed has words, and lines are of the day of their act."""

from datetime import timedelta

import sqlalchemy as sa

from portal.communication.directory.field_labels import ANSWERED, field_label
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import lowest_id_at

MARGIN = timedelta(minutes=1)


def test_every_changed_field_of_the_demonstration_has_words(told):
    rows = db.session.execute(sa.select(AuditEvent.subject, AuditEvent.before, AuditEvent.after))
    columns = {(row.subject, column) for row in rows for column in {*row.before, *row.after}}
    assert len(columns) > 200
    with told.test_request_context():
        bare = {(subject, column) for subject, column in columns if field_label(column, subject) == column}
        assert bare == set()
    assert {subject for subject, _column in columns} >= {"sheet"} <= ANSWERED


def test_a_line_is_found_on_the_day_of_its_act(told):
    """The page of the trail reads a period by ids."""
    lines = db.session.execute(sa.select(AuditEvent.id, AuditEvent.created_at)).all()
    astray = [
        line
        for line in lines
        if not _first_near(line.created_at, -MARGIN) <= line.id < _first_near(line.created_at, MARGIN)
    ]
    assert not astray
    days = {line.created_at.date() for line in lines}
    assert len(days) > 200


def _first_near(moment, margin):
    return lowest_id_at(moment + margin)
