"""The page of the installation: checks, worker and queues, imports, webhooks, back-ups."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.app.administration import backups, checks, queues, state_labels
from portal.app.administration.checks import CheckState
from portal.platform.kernel import clock, running_versions
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.mail_settings import SmtpSecurity, SmtpServer
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.mail import worker
from portal.platform.mail.reports import WorkerReport, WorkLog
from portal.platform.mail.worker import _job_name_of
from portal.platform.storage.intake import UploadIntake
from portal.platform.storage.storage import StorageAway
from portal.selection.imports.models import ImportMode, ImportRun, RunState
from tests.support import calls, webhooks
from tests.support import factories as make
from tests.support.browser import words_of

URL = "/administration"


def check_of(label: str) -> checks.InstallationCheckResult:
    return next(
        check for check in checks.list_check_results(queues.list_worker_reports()) if check.label == label
    )


def report(*jobs: tuple[str, int, str]) -> WorkLog:
    notes = WorkLog()
    for job in jobs:
        notes.note(*job)
    assert notes.write()
    return notes


def test_what_is_bad_comes_first_and_says_why(app):
    listed = checks.list_check_results([])
    assert listed[0].label == "Processus d’arrière-plan"
    assert {check.state for check in listed} == set(CheckState)


def test_a_worker_that_tells_nothing_is_taken_for_stopped(app):
    report(("send_mails", 0, ""))
    assert check_of("Processus d’arrière-plan").state is CheckState.GOOD
    with clock.frozen_at(clock.now() + timedelta(minutes=6)):
        assert check_of("Processus d’arrière-plan").state is CheckState.BAD


def test_a_job_that_fails_is_said_until_an_hour_after(app):
    notes = report(("run_due_imports", 0, "IntegrityError"), ("run_due_backlog_imports", 0, ""))
    assert check_of("Processus d’arrière-plan").state is CheckState.ATTENTION
    assert (
        "une tâche a échoué : Importer les candidatures (IntegrityError)"
        in check_of("Processus d’arrière-plan").sentence
    )
    db.session.rollback()
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        notes.note("run_due_imports", 0, "")
        assert notes.write()
        assert check_of("Processus d’arrière-plan").state is CheckState.ATTENTION
    db.session.rollback()
    with clock.frozen_at(clock.now() + timedelta(minutes=62)):
        assert notes.write()
        assert check_of("Processus d’arrière-plan").state is CheckState.GOOD


def test_a_report_is_written_once_a_minute_and_old_ones_go(app):
    old, notes = report(), report(("send_mails", 3, ""), ("read_files", 0, "OperationalError"))
    assert not notes.write()
    notes.note("send_mails", 2, "")
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        assert notes.write()
    (row,) = db.session.scalars(sa.select(WorkerReport))
    assert row.id == notes.report_id != old.report_id
    assert (row.jobs["send_mails"]["runs"], row.jobs["send_mails"]["amount"]) == (2, 5)
    assert row.jobs["read_files"]["fault"] == "OperationalError"


def test_a_job_is_named_by_its_function():
    def send_mails() -> int:
        return 0

    assert _job_name_of(send_mails) == "send_mails"
    assert _job_name_of(WorkLog().write) == "WorkLog.write"


def test_the_page_shows_jobs_queues_imports_and_webhooks(admin, project, browser_for):
    lead = make.holder(Role.PROGRAMME_LEAD, project)
    report(("send_mails", 3, ""), ("read_files", 0, "StorageAway"))
    make.letter()
    webhooks.tested(make.role(project.id, Role.TEAM_LEAD), project.id)
    programme = db.session.get_one(make.Programme, project.programme_id)
    call = calls.call(make.actor(lead), programme)
    db.session.add(
        ImportRun(
            call_id=call.id,
            number=1,
            mode=ImportMode.COMPLETE,
            is_dry=False,
            started_by_id=lead.id,
            state=RunState.STOPPED,
            problem="token_expired",
            due_at=clock.now(),
            ended_at=clock.now(),
        )
    )
    db.session.commit()
    browser = browser_for(admin)
    text = words_of(browser.visit(URL))
    assert "Le jeton a expiré" in text
    assert project.acronym in text
    jobs = words_of(browser.visit(f"{URL}/jobs"))
    for words in ("Écrire les notifications", "StorageAway", "Courriels à envoyer"):
        assert words in jobs


def test_the_page_costs_the_same_for_many_rows(admin, project, browser_for, statements):
    lead = make.role(project.id, Role.TEAM_LEAD)
    desk = browser_for(admin)

    def cost() -> int:
        begun = len(statements)
        desk.visit(URL)
        desk.visit(f"{URL}/jobs")
        return len(statements) - begun

    webhooks.tested(lead, project.id)
    make.letter()
    first = cost()
    for _ in range(5):
        webhooks.tested(lead, project.id)
        make.letter()
    assert cost() == first


def test_a_copy_and_a_check_are_noted_and_a_late_one_is_said(admin, browser_for):
    desk = browser_for(admin)
    assert check_of("Sauvegardes").state is CheckState.ATTENTION
    facts = {"made_at": "2026-11-27T10:00:00+00:00", "rows": 12, "files": 3, "size": 4096}
    assert backups.record_copy_or_check_in_trail(backups.BACKED_UP, **facts)
    assert check_of("Sauvegardes").state is CheckState.GOOD
    assert "12 lignes et 3 fichiers" in words_of(desk.visit(URL))
    assert backups.find_last_copy_or_check(backups.CHECKED) is None
    assert backups.record_copy_or_check_in_trail(backups.CHECKED, **facts)
    assert backups.find_last_copy_or_check(backups.CHECKED).rows == 12
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        assert check_of("Sauvegardes").state is CheckState.ATTENTION


def test_mail_that_has_no_server_is_late_or_given_up_is_said(app, monkeypatch):
    check = check_of("Courriels")
    assert (check.state, "Aucun serveur" in check.sentence) == (CheckState.ATTENTION, True)
    server = SmtpServer(host="mail.invalid", port=25, security=SmtpSecurity.NONE)
    monkeypatch.setitem(app.extensions, Settings, replace(get_service(Settings), mail_server=server))
    assert check_of("Courriels").state is CheckState.GOOD
    make.letter(created_at=clock.now() - timedelta(minutes=20))
    assert check_of("Courriels").state is CheckState.BAD
    make.letter(given_up_at=clock.now())
    assert check_of("Courriels").state is CheckState.ATTENTION


def test_files_that_cannot_be_kept_are_said(app, monkeypatch):
    assert check_of("Fichiers").state is CheckState.GOOD

    def refuse() -> None:
        raise StorageAway

    monkeypatch.setattr(get_service(UploadIntake).storage, "check", refuse)
    assert check_of("Fichiers").state is CheckState.BAD


def test_a_database_of_another_version_is_said(app, monkeypatch):
    monkeypatch.setattr(checks, "find_database_fault", lambda: "The database is old.")
    check = check_of("Base de données")
    assert check.state is CheckState.BAD
    assert "The database is old." in check.sentence


def test_the_page_is_for_administrators(browser_for, person):
    for path in (URL, f"{URL}/jobs"):
        browser_for(person).visit(path, expect=404)
    assert get_service(Settings).clamd is None
    assert check_of("Antivirus").state is CheckState.ATTENTION


@pytest.mark.parametrize("path", ["", "/jobs", "/settings", "/trail"])
def test_pages_are_whole_in_english(admin, browser_for, path):
    admin.locale = "en"
    db.session.commit()
    page = browser_for(admin).visit(f"{URL}{path}")
    assert page.html["lang"] == "en"


def test_every_job_of_the_worker_has_its_words(app, monkeypatch):
    """Not the name of its function."""
    names = []

    def note_jobs(_app, chores, jobs):
        names.extend(map(_job_name_of, (*chores, *jobs)))

    monkeypatch.setattr(worker, "run_worker", note_jobs)
    monkeypatch.setattr(running_versions, "start_noting_running_version", lambda *_args: None)
    assert app.test_cli_runner().invoke(args=["worker"]).exit_code == 0
    assert len(names) > 20
    done = {"at": clock.now().isoformat(), "amount": 0}
    with app.test_request_context():
        lines = state_labels.list_job_lines(WorkerReport(jobs=dict.fromkeys(names, done)))
        assert [line.label for line in lines if "_" in line.label] == []
