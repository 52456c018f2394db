"""Events by others since a person's last visit; a visit begins after a pause."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.collaboration.discussions import commands as talks
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import lowest_id_at, new_id
from portal.project.projects.visit_commands import (
    NOTE_INTERVAL,
    VISIT_GAP,
    count_feed_events_by_others_by_project,
    record_visit,
)
from tests.support import factories as make

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_a_visit_goes_on_until_a_pause(app):
    reader = make.actor(make.person())
    db.session.rollback()
    seen = []
    for after in (
        timedelta(0),
        NOTE_INTERVAL,
        NOTE_INTERVAL + VISIT_GAP - timedelta(seconds=1),
        NOTE_INTERVAL + 2 * VISIT_GAP,
        NOTE_INTERVAL + 2 * VISIT_GAP + timedelta(minutes=1),
    ):
        with clock.frozen_at(NOW + after), app.test_request_context("/"):  # as a reader: without the lock
            seen.append(record_visit(reader))
            db.session.rollback()
    last = NOW + NOTE_INTERVAL + VISIT_GAP - timedelta(seconds=1)
    assert seen == [None, None, None, last, last]


def test_only_what_others_did_in_these_projects_since_then_counts(app):
    project, elsewhere = make.project(), make.project()
    people = [make.role(project.id, Role.TEAM_MEMBER) for _number in range(2)]
    make.role(elsewhere.id, Role.TEAM_MEMBER, people[1])
    me, other = (make.actor(person) for person in people)
    start = clock.now()
    for moment in (start - timedelta(hours=1), start + timedelta(seconds=1)):
        with clock.frozen_at(moment):
            for actor in (me, other):
                talks.start_thread(actor, project.discussion_id, "Bonjour.")
            talks.start_thread(other, elsewhere.discussion_id, "Bonjour.")
    db.session.commit()
    counted = count_feed_events_by_others_by_project(me, [project.id], start - timedelta(minutes=1))
    assert counted in ({project.id: 1}, {project.id: 2})  # ids hold the machine's clock


@given(st.integers(1_500_000_000, 4_000_000_000).map(lambda at: datetime.fromtimestamp(at, UTC)))
def test_ids_sort_by_their_moment(moment):
    assert lowest_id_at(moment) <= lowest_id_at(moment + timedelta(milliseconds=1))
    assert lowest_id_at(clock.now() - timedelta(seconds=1)) < new_id()
    assert new_id() < lowest_id_at(clock.now() + timedelta(seconds=1))
