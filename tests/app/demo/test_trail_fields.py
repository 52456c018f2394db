"""The demonstration's trail: every field that changed has words."""

import sqlalchemy as sa

from portal.communication.directory.field_labels import ANSWERED, field_label
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db


def test_every_changed_field_of_the_demonstration_has_words(told):
    rows = db.session.execute(sa.select(AuditEvent.subject, AuditEvent.before, AuditEvent.after))
    columns = {(row.subject, column) for row in rows for column in {*row.before, *row.after}}
    assert len(columns) > 200
    with told.test_request_context():
        bare = {(subject, column) for subject, column in columns if field_label(column, subject) == column}
        assert bare == set()
    assert {subject for subject, _column in columns} >= {"sheet"} <= ANSWERED
