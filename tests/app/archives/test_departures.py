"""The content of a closed programme leaves: nothing of it is left, nothing else is gone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.app.archives import commands, content_keys, emptying_jobs, jobs
from portal.app.archives import departure_commands as departures
from portal.app.archives import departure_queries as queries
from portal.app.archives.departure_models import EmptyingTransactionPermit, ProgrammeDeparture
from portal.app.archives.models import ProgrammeArchive
from portal.collaboration.discussions.commands import EDITED
from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.models import Notification
from portal.ethics.rereviews.jobs import raise_due_triggers
from portal.funding.agreements.models import FundingAgreement
from portal.funding.change_requests.jobs import record_due_funding_reminders
from portal.funding.ledger.models import LedgerEntry
from portal.oversight.committee_packs.jobs import make_due_packs
from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION, Programme, RoleAssignment, Scope
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import Base, db
from portal.project.projects.models import Project
from tests.house import doors
from tests.house.test_access import Scene
from tests.platform.kernel.tampering import write_lines
from tests.support import departures as departing
from tests.support import factories as make


@pytest.fixture
def small(app):
    return departing.small()


def notices_of(person_id) -> list[str]:
    own = Notification.person_id == person_id, Notification.kind == "programme_leaving"
    return list(db.session.scalars(sa.select(Notification.action).where(*own)))


def test_everything_of_a_programme_leaves_and_nothing_else(app):
    scene = Scene(lambda _purpose, id_: str(id_))
    programme_id, lead_id = scene.programme.id, scene.people[doors.DIRECTION].id
    operator_id, other_id = scene.people[doors.OPERATOR].id, scene.people[doors.OTHER].id
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR).id
    db.session.commit()
    leaving = content_keys.read_leaving_row_keys(programme_id)
    assert len(leaving) > 100
    tables = Base.metadata.tables
    before = {name: count(table) for name, table in tables.items()}
    lines, money = count(tables["audit_event"]), count(LedgerEntry.__table__)
    begin = departing.close(programme_id, lead_id)
    departing.run_days(begin, (0, 1065, 1066, 1088, 1089, 1096, 1097, 1098))
    with clock.frozen_at(begin + 1100 * departing.DAY):
        for job in (raise_due_triggers, make_due_packs, lambda: record_due_funding_reminders(None)):
            job()
        notify_due_dates(list_contributions(DueReminderSource))
    departure = db.session.get_one(ProgrammeDeparture, programme_id)
    assert departure.emptied_at is not None
    assert content_keys.read_leaving_row_keys(programme_id) == {}
    for name, keys in leaving.items():
        gone = [key for part in content_keys.cut_into_batches(keys) for key in present(tables[name], part)]
        assert gone == [], name
    for name in ("person", "ledger_entry", "funding_agreement", "instalment", "agreement_amendment"):
        assert count(tables[name]) == before[name], name
    assert money > 0
    assert count(EmptyingTransactionPermit.__table__) == 0
    assert count(tables["audit_event"]) > lines
    others = (
        sa.select(Project).join(Scope, Scope.id == Project.id).where(Project.programme_id != programme_id)
    )
    assert db.session.scalars(others).first() is not None
    assert db.session.scalar(sa.select(RoleAssignment.id).where(RoleAssignment.person_id == other_id))
    bare = db.session.scalars(sa.select(Project).where(Project.programme_id == programme_id)).all()
    assert {row.id for row in bare} == set(
        db.session.scalars(
            sa.select(FundingAgreement.project_id)
            .join(Project, Project.id == FundingAgreement.project_id)
            .where(Project.programme_id == programme_id)
        )
    )
    assert all(row.problem == row.users_aimed_at == "" for row in bare)
    assert {admin, operator_id} <= set(db.session.scalars(sa.select(Person.id)))


def count(table: sa.Table) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def present(table: sa.Table, keys) -> list:
    return list(
        db.session.execute(
            sa.select(*table.primary_key.columns).where(content_keys.build_keys_condition(table, keys))
        )
    )


def test_its_leads_are_told_twice_and_it_leaves_after_its_term_alone(small):
    programme_id, lead_id, _member = small
    begin = departing.close(programme_id, lead_id)
    departing.run_days(begin, range(0, 1064, 9))
    assert notices_of(lead_id) == []
    departing.run_days(begin, range(1064, 1095))
    assert sorted(notices_of(lead_id)) == [departures.TOLD_SECOND.code, departures.TOLD_FIRST.code]
    assert db.session.get_one(Programme, programme_id).left_at is None
    departing.run_days(begin, (1096, 1097))
    assert db.session.get_one(Programme, programme_id).left_at is not None
    assert queries.list_departing_programme_ids() == []


def test_a_late_worker_leaves_leads_their_thirty_days(small):
    programme_id, lead_id, _member = small
    begin = departing.close(programme_id, lead_id) + 2000 * departing.DAY
    departing.run_days(begin, (0, 1, 22))
    departing.run_days(begin, (24, 28))
    assert len(notices_of(lead_id)) == 2
    assert db.session.get_one(Programme, programme_id).left_at is None
    departing.run_days(begin, (31, 32))
    assert db.session.get_one(Programme, programme_id).left_at is not None


class Killed(Exception):
    """The worker's end in the middle of a step."""


@pytest.mark.parametrize("step", [1, 4, 20])
def test_a_worker_killed_at_a_step_goes_on_where_it_stopped(small, monkeypatch, step):
    programme_id, lead_id, _member = small
    begin = departing.close(programme_id, lead_id)
    whole, steps = emptying_jobs._delete_rows, []

    def fail_at_step(*args, **given):
        steps.append(1)
        whole(*args, **given)
        if len(steps) == step:
            raise Killed

    monkeypatch.setattr(emptying_jobs, "_delete_rows", fail_at_step)
    with pytest.raises(Killed):
        departing.run_days(begin, departing.LEAVING_DAYS)
    db.session.remove()
    assert content_keys.read_leaving_row_keys(programme_id) != {}
    assert db.session.get_one(Programme, programme_id).left_at is not None
    departing.run_days(begin, (1097,))
    assert content_keys.read_leaving_row_keys(programme_id) == {}
    assert db.session.get_one(ProgrammeDeparture, programme_id).emptied_at is not None


def test_a_programme_taken_up_again_stays(small):
    programme_id, lead_id, _member = small
    begin = departing.close(programme_id, lead_id)
    departing.run_days(begin, (0, 1066, 1089))
    db.session.execute(sa.update(Project).values(finished_on=None))
    db.session.commit()
    departing.run_days(begin, (1096, 1200))
    assert db.session.get(ProgrammeDeparture, programme_id) is None
    assert db.session.get_one(Programme, programme_id).left_at is None


@pytest.mark.parametrize("way", ["changed", "broken"])
def test_it_never_leaves_with_an_archive_that_is_late_or_broken(small, way):
    """The worker makes another one first, and leaves with that."""
    programme_id, lead_id, member_id = small
    begin = departing.close(programme_id, lead_id)
    departing.run_days(begin, (0, 1066, 1089))
    with clock.frozen_at(begin + 1095 * departing.DAY):
        programme = db.session.get_one(Programme, programme_id)
        commands.request_archive(make.actor(db.session.get_one(Person, lead_id)), programme)
        db.session.commit()
        jobs.make_due_archives()
        row = db.session.scalars(sa.select(ProgrammeArchive).order_by(ProgrammeArchive.id.desc())).first()
        first_id = row.id
        if way == "broken":
            row.fingerprint = "ab" * 32
        else:
            project = db.session.scalars(sa.select(Project)).one()
            comment = make.comment(project.discussion_id, db.session.get_one(Person, member_id))
            at = clock.now() + timedelta(minutes=1)
            with clock.frozen_at(at):
                actor = make.actor(db.session.get_one(Person, member_id))
                audit.record(actor, EDITED, comment, scope_id=project.id)
        db.session.commit()
    departing.run_days(begin, (1096,))
    assert db.session.get_one(Programme, programme_id).left_at is None
    departing.run_days(begin, (1097, 1098))
    departure = db.session.get_one(ProgrammeDeparture, programme_id)
    assert departure.emptied_at is not None
    assert departure.archive_id != first_id


def test_append_only_rows_stay_without_a_permit(small):
    programme_id, *_others = small
    write_lines(1)
    table = Base.metadata.tables["access_step"]
    assert count(table) > 0
    with pytest.raises(sa.exc.DBAPIError):
        db.session.execute(sa.delete(table))
    db.session.rollback()
    db.session.add(EmptyingTransactionPermit(programme_id=programme_id))
    db.session.flush()
    for statement in (sa.update(table).values(position=9), sa.delete(Base.metadata.tables["audit_event"])):
        with pytest.raises(sa.exc.DBAPIError), db.session.begin_nested():
            db.session.execute(statement)
    db.session.rollback()
