"""Counts of sightings stay when retention deletes the sessions."""

from portal.platform.kernel.database import db
from portal.user_tests.findings import sighting_queries
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.retention_commands import add_to_purged_session_counts
from tests.support import user_tests


def test_what_retention_purges_is_still_counted(project, member, person, first, sessions):
    made = user_tests.finding(first)
    for session in sessions[:3]:
        user_tests.seen(made, session, person)
    add_to_purged_session_counts(project.id)
    for session in sessions:
        db.session.delete(session)
    db.session.commit()
    kept = db.session.query(Finding).one()
    assert (kept.purged_session_count, sighting_queries.list_sightings(kept)) == (3, [])
