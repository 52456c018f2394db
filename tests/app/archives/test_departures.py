"""The content of a closed programme leaves: nothing of it is left, nothing else is gone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from portal.app.archives import commands, content_keys, departure_jobs, emptying_jobs, jobs
from portal.app.archives import departure_commands as departures
from portal.app.archives import departure_queries as queries
from portal.app.archives.departure_models import EmptyingPermit, FormerRole, ProgrammeDeparture
from portal.app.archives.models import ProgrammeArchive
from portal.app.archives.verification import verify_archive
from portal.collaboration.discussions.commands import EDITED
from portal.collaboration.files.models import Attachment
from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminder
from portal.communication.notifications.models import Notification
from portal.ethics.rereviews.jobs import raise_due_triggers
from portal.funding.agreements.models import FundingAgreement, Instalment, InstalmentState
from portal.funding.change_requests.jobs import remind_of_funding
from portal.funding.ledger.models import LedgerEntry
from portal.oversight.committee_packs.jobs import make_due_packs
from portal.people.accounts.models import Person
from portal.people.privacy import retention_jobs
from portal.people.programmes.models import INSTALLATION, Programme, RoleAssignment, Scope
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent, TrailText
from portal.platform.kernel.audit_verification import AuditWalk
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import Base, db
from portal.platform.storage.storage import ObjectMissing
from portal.platform.storage.transaction import get_storage
from portal.project.projects.models import Project
from tests.house import doors
from tests.house.test_access import Scene
from tests.platform.kernel.tampering import write_lines
from tests.support import erasures, project_file
from tests.support import factories as make
from tests.support.browser import words_of

DAY = timedelta(days=1)
AFTER_END = 400 * DAY  # the programmes of tests last ten months from three months ago


def finish(programme_id, day) -> None:
    """All projects of a programme finished on a day, and no payment under way."""
    db.session.execute(sa.update(Project).where(Project.programme_id == programme_id).values(finished_on=day))
    db.session.execute(
        sa.update(Instalment)
        .where(Instalment.state.in_(queries.UNPAID))
        .values(state=InstalmentState.REFUSED)
    )
    db.session.commit()


def close(programme_id, lead_id) -> datetime:
    """Finish and archive a programme; returns when."""
    at = clock.now() + AFTER_END
    with clock.frozen_at(at):
        finish(programme_id, (at - 5 * DAY).date())
        lead = make.actor(db.session.get_one(Person, lead_id))
        commands.request_archive(lead, db.session.get_one(Programme, programme_id))
        db.session.commit()
        assert jobs.make_due_archives() == 1
    return at


def run_chores() -> int:
    departure_jobs.follow_closings()
    retention_jobs.apply_retention()
    departure_jobs.make_programmes_leave()
    jobs.delete_old_archives()
    return jobs.make_due_archives()


def run_days(begin: datetime, days: Iterable[int]) -> None:
    for day in days:
        with clock.frozen_at(begin + day * DAY):
            run_chores()


def notices_of(person_id) -> list[str]:
    own = Notification.person_id == person_id, Notification.kind == "programme_leaving"
    return list(db.session.scalars(sa.select(Notification.action).where(*own)))


@pytest.fixture
def small(app):
    """A programme with a project and some content: ids of the programme, its lead and a member."""
    project = make.project(slug="heron")
    lead = make.role(project.programme_id, Role.PROGRAMME_LEAD, make.person(name="Lise Direction"))
    member = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Awa Membre"))
    project_file.one_of_each(project)
    make.comment(project.discussion_id, member, body="Un message d’ici.")
    project_file.attachment(project, project_file.source(project), member)
    db.session.commit()
    return project.programme_id, lead.id, member.id


def test_everything_of_a_programme_leaves_and_nothing_else(app):
    scene = Scene(lambda _purpose, id_: str(id_))
    programme_id, lead_id = scene.programme.id, scene.people[doors.DIRECTION].id
    operator_id, other_id = scene.people[doors.OPERATOR].id, scene.people[doors.OTHER].id
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR).id
    db.session.commit()
    leaving = content_keys.read_leaving_keys(programme_id)
    assert len(leaving) > 100
    tables = Base.metadata.tables
    before = {name: count(table) for name, table in tables.items()}
    lines, money = count(tables["audit_event"]), count(LedgerEntry.__table__)
    begin = close(programme_id, lead_id)
    run_days(begin, (0, 1065, 1066, 1088, 1089, 1096, 1097, 1098))
    with clock.frozen_at(begin + 1100 * DAY):
        for job in (raise_due_triggers, make_due_packs, lambda: remind_of_funding(None)):
            job()
        notify_due_dates(contributed(DueReminder))
    departure = db.session.get_one(ProgrammeDeparture, programme_id)
    assert departure.emptied_at is not None
    assert content_keys.read_leaving_keys(programme_id) == {}
    for name, keys in leaving.items():
        gone = [key for part in content_keys.cut(keys) for key in present(tables[name], part)]
        assert gone == [], name
    for name in ("person", "ledger_entry", "funding_agreement", "instalment", "agreement_amendment"):
        assert count(tables[name]) == before[name], name
    assert money > 0
    assert count(EmptyingPermit.__table__) == 0
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
        db.session.execute(sa.select(*table.primary_key.columns).where(content_keys.is_among(table, keys)))
    )


def test_its_leads_are_told_twice_and_it_leaves_after_its_term_alone(small):
    programme_id, lead_id, _member = small
    begin = close(programme_id, lead_id)
    run_days(begin, range(0, 1064, 9))
    assert notices_of(lead_id) == []
    run_days(begin, range(1064, 1095))
    assert sorted(notices_of(lead_id)) == [departures.TOLD_SECOND.code, departures.TOLD_FIRST.code]
    assert db.session.get_one(Programme, programme_id).left_at is None
    run_days(begin, (1096, 1097))
    assert db.session.get_one(Programme, programme_id).left_at is not None
    assert queries.list_due_programmes() == []


def test_a_late_worker_leaves_leads_their_thirty_days(small):
    programme_id, lead_id, _member = small
    begin = close(programme_id, lead_id) + 2000 * DAY
    run_days(begin, (0, 1, 22))
    run_days(begin, (24, 28))
    assert len(notices_of(lead_id)) == 2
    assert db.session.get_one(Programme, programme_id).left_at is None
    run_days(begin, (31, 32))
    assert db.session.get_one(Programme, programme_id).left_at is not None


LEAVING_DAYS = (0, 1066, 1089, 1096, 1097)


class Killed(Exception):
    """The worker's end in the middle of a step."""


@pytest.mark.parametrize("step", [1, 4, 20])
def test_a_worker_killed_at_a_step_goes_on_where_it_stopped(small, monkeypatch, step):
    programme_id, lead_id, _member = small
    begin = close(programme_id, lead_id)
    whole, steps = emptying_jobs._delete, []

    def fail_at_step(*args, **given):
        steps.append(1)
        whole(*args, **given)
        if len(steps) == step:
            raise Killed

    monkeypatch.setattr(emptying_jobs, "_delete", fail_at_step)
    with pytest.raises(Killed):
        run_days(begin, LEAVING_DAYS)
    db.session.remove()
    assert content_keys.read_leaving_keys(programme_id) != {}
    assert db.session.get_one(Programme, programme_id).left_at is not None
    run_days(begin, (1097,))
    assert content_keys.read_leaving_keys(programme_id) == {}
    assert db.session.get_one(ProgrammeDeparture, programme_id).emptied_at is not None


def test_one_page_is_left_and_nothing_below_it(small, browser_for, tmp_path):
    programme_id, lead_id, member_id = small
    file_key = db.session.scalars(sa.select(Attachment.key)).one()
    slug = db.session.get_one(Programme, programme_id).slug
    run_days(close(programme_id, lead_id), LEAVING_DAYS)
    who = {id_: db.session.get_one(Person, id_) for id_ in (lead_id, member_id)}
    lead, member = browser_for(who[lead_id]), browser_for(who[member_id])
    page = lead.visit(f"/programmes/{slug}")
    assert "son contenu a quitté le portail" in words_of(page)
    assert "1 projet terminé" in words_of(page)
    response = lead.open(f"/programmes/{slug}/left/archive", method="POST")
    (tmp_path / "taken.zip").write_bytes(response.data)
    response.close()
    row = db.session.scalars(sa.select(ProgrammeArchive).where(ProgrammeArchive.key.is_not(None))).one()
    assert verify_archive(tmp_path / "taken.zip", row.fingerprint).faults == []
    assert "demandez-la-lui" in words_of(member.visit(f"/programmes/{slug}"))
    assert member.open(f"/programmes/{slug}/left/archive", method="POST").status_code == 404
    assert lead.open(f"/programmes/{slug}/left/report.csv", method="POST").status_code == 404
    below = ("archive", "portfolio", "people", "edit", "committees", "funding/report", "gates")
    for path in (
        *(f"/programmes/{slug}/{name}" for name in below),
        "/projects/heron",
        "/projects/heron/sprints",
    ):
        for visitor in (lead, member):
            assert visitor.open(path).status_code == 404, path
    admin = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    assert "demandez-la-lui" in words_of(admin.visit(f"/programmes/{slug}"))
    assert admin.open(f"/programmes/{slug}/edit").status_code == 404
    assert slug in str(lead.visit("/programmes"))
    assert browser_for(make.person()).open(f"/programmes/{slug}").status_code == 404
    with pytest.raises(ObjectMissing):
        get_storage().open(file_key)
    scopes = content_keys.list_scopes(programme_id)
    texts = sa.select(TrailText.id).join(AuditEvent, AuditEvent.id == TrailText.event_id)
    assert db.session.scalars(texts.where(AuditEvent.scope_id.in_(scopes))).all() == []
    db.session.remove()
    assert list(AuditWalk().list_faults()) == []
    assert {role.role for role in db.session.scalars(sa.select(FormerRole))} == {
        Role.PROGRAMME_LEAD,
        Role.TEAM_MEMBER,
    }


def test_a_programme_taken_up_again_stays(small):
    programme_id, lead_id, _member = small
    begin = close(programme_id, lead_id)
    run_days(begin, (0, 1066, 1089))
    db.session.execute(sa.update(Project).values(finished_on=None))
    db.session.commit()
    run_days(begin, (1096, 1200))
    assert db.session.get(ProgrammeDeparture, programme_id) is None
    assert db.session.get_one(Programme, programme_id).left_at is None


@pytest.mark.parametrize("way", ["changed", "broken"])
def test_it_never_leaves_with_an_archive_that_is_late_or_broken(small, way):
    """The worker makes another one first, and leaves with that."""
    programme_id, lead_id, member_id = small
    begin = close(programme_id, lead_id)
    run_days(begin, (0, 1066, 1089))
    with clock.frozen_at(begin + 1095 * DAY):
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
    run_days(begin, (1096,))
    assert db.session.get_one(Programme, programme_id).left_at is None
    run_days(begin, (1097, 1098))
    departure = db.session.get_one(ProgrammeDeparture, programme_id)
    assert departure.emptied_at is not None
    assert departure.archive_id != first_id


def test_an_erasure_takes_the_name_out_of_the_archive_that_stays(small, tmp_path):
    programme_id, lead_id, member_id = small
    run_days(close(programme_id, lead_id), LEAVING_DAYS)
    admin_id = make.role(INSTALLATION, Role.ADMINISTRATOR).id
    db.session.commit()
    before = db.session.scalars(sa.select(ProgrammeArchive.fingerprint)).all()
    people = [db.session.get_one(Person, id_) for id_ in (member_id, admin_id)]
    erasures.carry_out(erasures.prepare(*people), admin_id)
    row = db.session.scalars(sa.select(ProgrammeArchive).where(ProgrammeArchive.key.is_not(None))).one()
    assert row.fingerprint not in before
    path = tmp_path / "redacted.zip"
    with get_storage().open(row.key) as stored:
        path.write_bytes(stored.read())
    assert verify_archive(path, row.fingerprint).faults == []
    with ZipFile(path) as archive:
        content = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert "Awa" not in content
    assert "Un message d’ici." in content
    assert "Lise Direction" in content


def test_append_only_rows_stay_without_a_permit(small):
    programme_id, *_others = small
    write_lines(1)
    table = Base.metadata.tables["access_step"]
    assert count(table) > 0
    with pytest.raises(sa.exc.DBAPIError):
        db.session.execute(sa.delete(table))
    db.session.rollback()
    db.session.add(EmptyingPermit(programme_id=programme_id))
    db.session.flush()
    for statement in (sa.update(table).values(position=9), sa.delete(Base.metadata.tables["audit_event"])):
        with pytest.raises(sa.exc.DBAPIError), db.session.begin_nested():
            db.session.execute(statement)
    db.session.rollback()


def test_its_money_can_be_taken_away_as_a_table(app, browser_for):
    scene = Scene(lambda _purpose, id_: str(id_))
    programme_id, lead_id = scene.programme.id, scene.people[doors.DIRECTION].id
    observer_id, coach_id = scene.people[doors.OBSERVER].id, scene.people[doors.COACH].id
    db.session.commit()
    run_days(close(programme_id, lead_id), (*LEAVING_DAYS, 1098))
    path = "/programmes/ami/left/report.csv"
    observer, coach = (browser_for(db.session.get_one(Person, id_)) for id_ in (observer_id, coach_id))
    assert "Télécharger le rapport financier" in words_of(observer.visit("/programmes/ami"))
    response = observer.open(path, method="POST")
    assert response.status_code == 200
    assert response.data.decode("utf-8-sig").count("\r\n") > 5
    response.close()
    assert coach.open(path, method="POST").status_code == 404
