from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db, reload_row, separate_transaction
from portal.platform.kernel.errors import AlreadyDeleted
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.sprints.sprints.models import Sprint
from tests.support import factories as make


def test_moments_come_back_aware_and_in_utc(app):
    sprint = make.active_sprint(make.project())
    paris = timezone(timedelta(hours=2))
    sprint.started_at = datetime(2026, 7, 1, 10, 0, tzinfo=paris)
    db.session.commit()
    assert sprint.started_at == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert sprint.started_at.utcoffset() == timedelta(0)


def test_ids_sort_by_the_moment_they_were_made():
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert {id_.version for id_ in ids} == {7}


def test_a_reading_request_may_not_write(app):
    """SQLite refuses the write; on PostgreSQL the transaction is rolled back."""
    make.project()
    with app.test_request_context("/"):
        settings = get_service(Settings, app)
        if settings.is_sqlite:
            with pytest.raises(sa.exc.OperationalError, match="readonly"):
                db.session.execute(sa.update(Programme).values(months=1))
        else:
            db.session.execute(sa.update(Programme).values(months=1))
        db.session.rollback()
    assert db.session.scalars(sa.select(Programme.months)).one() == 10


def test_a_mark_can_be_left_aside_while_reading(app):
    programme = make.programme()
    with app.test_request_context("/"), separate_transaction() as session:
        session.execute(sa.update(Programme).values(months=11))
    db.session.expire_all()
    assert programme.months == 11


def test_foreign_keys_hold(app):
    sprint = make.sprint(make.project())
    sprint.discussion_id = new_id()
    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_sqlite_waits_for_the_disk(app):
    settings = get_service(Settings, app)
    if settings.is_sqlite:
        assert db.session.scalar(sa.text("PRAGMA synchronous")) == 2  # FULL
        assert db.session.scalar(sa.text("PRAGMA journal_mode")) == "wal"


def test_changes_are_what_a_save_would_change(app):
    sprint = make.sprint(make.project())
    db.session.refresh(sprint)
    sprint.goal = "Autre but"
    sprint.capacity = sprint.capacity
    assert audit.changes_of(sprint) == {"goal": ("Apprendre", "Autre but")}


def test_a_reloaded_row_is_as_stored_and_a_deleted_one_is_said_to_be_deleted(app):
    sprint = make.sprint(make.project())
    db.session.flush()
    unseen = {"synchronize_session": False}
    sprint.capacity = 7
    db.session.execute(sa.update(Sprint).values(goal="Autre but"), execution_options=unseen)
    reload_row(sprint)
    assert (sprint.goal, sprint.capacity) == ("Autre but", 7)  # what waited was written first
    db.session.execute(sa.delete(Sprint), execution_options=unseen)
    with pytest.raises(AlreadyDeleted, match="Quelqu’un vient de le supprimer"):
        reload_row(sprint)


def test_the_trail_is_kept_or_lost_with_its_deed(app):
    project = make.project()
    actor = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    sprint = make.sprint(project)
    before = db.session.query(audit.AuditEvent).count()
    sprint.goal = "Autre"
    audit.record(actor, audit.ACTIONS["sprint.replanned"], sprint, scope_id=project.id)
    db.session.rollback()
    assert db.session.query(audit.AuditEvent).count() == before
    assert db.session.query(Sprint).one().goal == "Apprendre"


def test_the_clock_can_be_another_moment():
    then = datetime(2018, 11, 21, 9, 0, tzinfo=UTC)
    with clock.frozen_at(then):
        assert clock.now() == then
        assert clock.today("Pacific/Noumea").isoformat() == "2018-11-21"
    assert clock.now() > then
