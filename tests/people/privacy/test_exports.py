"""An export: asked for, made by the worker, told in the inbox, taken by its person, gone in a week."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from portal.coaching.coach_notes.models import CoachNote
from portal.collaboration.files.sweep_jobs import sweep_storage
from portal.communication.notifications.models import Notification
from portal.people.accounts.commands import Profile, change_profile
from portal.people.accounts.models import Person
from portal.people.privacy import commands, export_jobs
from portal.people.privacy.models import DataExport, ExportStage
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, RuleBroken
from portal.platform.storage.transaction import get_storage
from portal.sprints.sprints.help_commands import ask_for_help
from portal.sprints.sprints.models import BlockerKind
from tests.support import factories as make
from tests.support import privacy, project_file
from tests.support.browser import words_of
from tests.support.keeping import write
from tests.support.trail import audited_actions


@pytest.fixture
def awa(project):
    return make.role(project.id, Role.TEAM_MEMBER, make.person(name="Awa Diallo", email="awa@demo.example"))


def ask(person):
    person = db.session.get(Person, sa.inspect(person).identity[0])  # a job ended the session
    row = commands.request_export(make.actor(person), person)
    db.session.commit()
    return row.id


def made(person) -> ZipFile:
    """Have the export of a person made, and open it."""
    id_ = ask(person)
    assert export_jobs.make_due_exports() == 1
    with get_storage().open(db.session.get(DataExport, id_).key) as file:
        return ZipFile(BytesIO(file.read()))


def read(archive: ZipFile, name: str):
    return json.loads(archive.read(name))


def test_it_holds_the_account_what_was_written_and_the_files(project, awa):
    other = make.role(project.id, Role.COACH)
    make.comment(project.discussion_id, awa, "Écrit par Awa")
    make.comment(project.discussion_id, other, "Écrit par un coach")
    make.session(awa)
    file = project_file.attachment(project, project_file.source(project), awa, name="mesures.csv")
    file_id = file.id
    get_storage().put(file.key, BytesIO(b"a;b"), 3)
    archive = made(awa)
    account = read(archive, "account.json")
    assert (account["name"], account["email"]) == ("Awa Diallo", "awa@demo.example")
    assert "password_hash" not in account
    (comment,) = read(archive, "data/discussions.json")["comment"]
    assert comment["body"] == "Écrit par Awa"
    assert "token_hash" not in read(archive, "data/account.json")["open_session"][0]
    assert archive.read(f"files/{file_id}/mesures.csv") == b"a;b"
    assert [act["action"] for act in read(archive, "acts.json")] == ["data_export.requested"]
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert "Écrit par un coach".encode() not in everything


def test_it_holds_the_help_that_was_asked_for_and_the_names_of_before(project, awa):
    sprint = make.active_sprint(project)
    version, awa_id = sprint.version, awa.id
    ask_for_help(
        make.actor(awa),
        project,
        sprint,
        BlockerKind.DATA_ACCESS,
        "Un DPO à joindre",
        expected_version=version,
    )
    change_profile(
        make.actor(awa), awa, Profile(name="Awa Ndiaye", locale="fr", time_zone="Europe/Paris"), awa.version
    )
    db.session.commit()
    archive = made(db.session.get_one(Person, awa_id))
    account, acts = read(archive, "account.json"), read(archive, "acts.json")
    assert (account["former_names"], account["former_emails"]) == (["Awa Diallo"], [])
    texts = {act["action"]: act.get("texts") for act in acts}
    assert texts["sprint.help_asked"] == {"blocker_text": "Un DPO à joindre"}
    assert texts["data_export.requested"] is None


def test_of_what_others_wrote_it_says_only_where_the_person_stands(project, awa):
    comment = make.comment(project.discussion_id, make.role(project.id, Role.COACH), "Écrit par un coach")
    comment.deleted_by_id, comment.deleted_at = awa.id, clock.now()
    db.session.commit()
    (row,) = read(made(awa), "data/discussions.json")["comment"]
    assert row.keys() == {"id", "created_at", "deleted_by_id"}


def test_a_coach_has_their_own_notes_and_no_others(project):
    coach, colleague = make.role(project.id, Role.COACH), make.role(project.id, Role.COACH)
    write(CoachNote(project_id=project.id, author_id=coach.id, number=1, body="Entre nous"))
    write(CoachNote(project_id=project.id, author_id=colleague.id, number=2, body="D’un collègue"))
    coach_id = coach.id
    (note,) = read(made(coach), "data/coach_notes.json")["coach_note"]
    assert (note["body"], note["author_id"]) == ("Entre nous", str(coach_id))


def test_the_person_is_told_takes_it_and_nobody_else_can(project, awa, browser_for):
    own, other = browser_for(awa), browser_for(make.person())
    page = own.submit("/profile/data/exports")
    assert "Votre export se prépare" in words_of(page)
    assert own.submit("/profile/data/exports", expect=422)
    export_jobs.make_due_exports()
    assert "L’export de vos données est prêt" in words_of(own.visit("/inbox"))
    row = db.session.scalars(sa.select(DataExport)).one()
    assert "Télécharger mes données" in words_of(own.visit("/profile/data"))
    taken = own.open(f"/profile/data/exports/{row.id}", method="POST")
    assert taken.mimetype == "application/zip"
    assert taken.headers["Cache-Control"] == "no-store"
    assert "dans un test" in ZipFile(BytesIO(taken.data)).read("LISEZ-MOI.txt").decode()
    assert "account.json" in ZipFile(BytesIO(taken.data)).namelist()
    taken.close()
    assert other.open(f"/profile/data/exports/{row.id}", method="POST").status_code == 404
    assert audited_actions()[-3:] == [
        "data_export.requested",
        "data_export.completed",
        "data_export.downloaded",
    ]


def test_somebody_without_a_role_is_told_as_well(app, browser_for):
    person = make.person()
    browser, person_id = browser_for(person), person.id
    made(person)
    assert db.session.scalar(sa.select(Notification.person_id)) == person_id
    assert words_of(browser.visit("/profile/data")).count("Télécharger") == 1


def test_only_one_at_a_time_and_only_ones_own(app):
    person, other = make.person(), make.person()
    with pytest.raises(NotAllowed):
        commands.request_export(make.actor(other), person)
    ask(person)
    with pytest.raises(RuleBroken):
        commands.request_export(make.actor(person), person)


def test_after_a_week_its_bytes_are_gone_and_another_can_be_asked_for(app):
    person = make.person()
    id_ = ask(person)
    export_jobs.make_due_exports()
    key = db.session.get(DataExport, id_).key
    assert export_jobs.delete_old_exports() == 0
    with clock.frozen_at(clock.now() + timedelta(days=7, seconds=1)):
        assert export_jobs.delete_old_exports() == 1
        assert key not in {stored.key for stored in get_storage().stored()}
        ask(person)
    assert db.session.get(DataExport, id_).stage is ExportStage.EXPIRED


def test_an_expired_one_is_not_given_even_before_the_worker_came_by(app, browser_for):
    person = make.person()
    row = privacy.data_export(person, expires_at=clock.now() - timedelta(seconds=1))
    assert browser_for(person).open(f"/profile/data/exports/{row.id}", method="POST").status_code == 404


def test_one_that_fails_three_times_is_given_up_and_told(app, monkeypatch, browser_for):
    person = make.person()
    browser = browser_for(person)
    ask(person)
    monkeypatch.setattr(export_jobs, "write_export_archive", _fail)
    for _ in range(export_jobs.ATTEMPTS_MAX):
        with pytest.raises(OSError, match="full"):
            export_jobs.make_due_exports()
        db.session.execute(sa.update(DataExport).values(leased_until=None))
        db.session.commit()
    assert export_jobs.make_due_exports() == 0
    assert db.session.scalar(sa.select(DataExport.stage)) is ExportStage.FAILED
    assert "n’a pas pu être préparé" in words_of(browser.visit("/profile/data"))
    assert "n’a pas pu être préparé" in words_of(browser.visit("/inbox"))


def _fail(*_: object) -> None:
    raise OSError("full")


def test_the_sweep_of_files_knows_its_bytes(app):
    row = privacy.data_export(make.person())
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        sweep_storage(get_storage())
    assert row.key in {stored.key for stored in get_storage().stored()}
