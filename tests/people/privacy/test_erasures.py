"""An erasure: after it nothing leads to the person but texts that were kept with a reason."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.app.command_line.erasures import erasure_journal_path
from portal.collaboration.discussions.models import Comment
from portal.communication.notifications.models import Notification
from portal.oversight.committee_packs.documents import compute_fingerprint
from portal.oversight.committee_packs.models import CommitteePack
from portal.oversight.committee_packs.queries import iterate_pages
from portal.people.accounts.models import OpenSession, Person
from portal.people.privacy import commands as privacy_commands
from portal.people.privacy import erasure_commands as commands
from portal.people.privacy import erasure_jobs as jobs
from portal.people.privacy.erasure_models import Erasure, ErasureStage, MentionDecision
from portal.people.privacy.export_jobs import make_due_exports
from portal.people.privacy.journal_exports import ErasureJournalEntry, read_entries
from portal.people.privacy.models import DataExport
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_verification import AuditTrailVerification
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, Overtaken, RuleBroken
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import using_language
from portal.project.projects.models import Project
from tests.support import dump_tools, erasures, postgresql
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.restores import restored_copy

# The words of the search index follow a text that stays.
WORDS = {"search_words", "search_words_content", "search_words_data", "search_words_idx"}
REDACT, KEEP = MentionDecision.REDACT, MentionDecision.KEEP


@pytest.fixture(autouse=True)
def clean_folders(app):
    folder = get_service(Settings).data_dir
    shutil.rmtree(folder / "files", ignore_errors=True)  # of other tests
    yield
    shutil.rmtree(folder / "mail", ignore_errors=True)
    (folder / "erasures.jsonl").unlink(missing_ok=True)


@pytest.fixture
def project(app) -> Project:
    return make.project(slug="heron")


@pytest.fixture
def zoe(project) -> Person:
    project_id, who_id = project.id, erasures.everywhere(project).id
    db.session.add(project)
    db.session.refresh(project)
    assert project.id == project_id
    return db.session.get_one(Person, who_id)


@pytest.fixture
def admin(project) -> Person:
    return make.holder(Role.ADMINISTRATOR, project)


@pytest.fixture
def admin_id(admin):
    return admin.id


def test_the_search_of_this_test_finds_the_name_where_it_was(project, zoe):
    found = erasures.traces()
    assert {"person.name", "person.email", "comment.body", "item.title", "mail/"} <= found
    assert {"item_event.title", "item_event.reason", "gate_decision.reason", "attachment.name"} <= found
    assert any(len(place) == 3 and place.endswith("/") for place in found)  # stored files
    assert {
        "outbox_message.facts",
        "outbox_message.address",
        "invitation.email",
        "pack_page.content",
    } <= found


def test_nothing_is_found_after_it(project, zoe, admin, admin_id):
    zoe_id = zoe.id
    erasure_id = erasures.prepare(zoe, admin)
    assert erasures.decide_all(erasure_id, admin_id, REDACT) >= 3
    erasures.carry_out(erasure_id, admin_id)
    assert db.session.get_one(Erasure, erasure_id).stage is ErasureStage.ERASED
    assert erasures.traces() == set()
    who = db.session.get_one(Person, zoe_id)
    assert (who.name, who.password_hash) == ("Ancien membre", None)
    assert who.disabled_at is not None
    with using_language("en"):
        assert db.session.scalar(sa.select(Person.name).where(Person.id == zoe_id)) == "Former member"
    bodies = set(db.session.scalars(sa.select(Comment.body)))
    assert "Signé : ancien membre" in bodies
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OpenSession)) == 0
    assert list(AuditTrailVerification().list_faults()) == []  # the chain of the trail stays whole
    pack = db.session.scalars(sa.select(CommitteePack)).one()  # printed anew, with its fingerprint
    assert pack.fingerprint == compute_fingerprint(iterate_pages(pack.id)) != "0" * 64
    if db.engine.dialect.name == "sqlite":  # neither its file nor its log hold it
        file = Path(str(db.engine.url.database))
        content = b"".join(path.read_bytes().lower() for path in file.parent.glob(f"{file.name}*"))
        assert b"quenneville" not in content
        assert b"delahautemotte" not in content


def test_the_words_of_a_request_taken_back_are_forgotten_with_it(project, zoe, admin, admin_id):
    zoe_id = zoe.id
    earlier = db.session.get_one(Erasure, erasures.prepare(zoe, admin))
    assert "quenneville" in earlier.words_alone
    commands.withdraw_erasure(make.actor(db.session.get_one(Person, admin_id)), earlier)
    assert earlier.words_alone == []
    earlier.words_alone = ["quenneville"]  # as earlier releases left it
    db.session.commit()
    erasure_id = erasures.prepare(db.session.get_one(Person, zoe_id), db.session.get_one(Person, admin_id))
    erasures.decide_all(erasure_id, admin_id, REDACT)
    erasures.carry_out(erasure_id, admin_id)
    assert erasures.traces() == set()


def test_an_export_of_somebody_else_that_names_the_person_is_gone_and_they_are_told(
    project, zoe, admin, admin_id, browser_for
):
    zoe_id = zoe.id
    others = sa.select(Comment.author_id).where(Comment.author_id != zoe_id)
    author = db.session.get_one(Person, db.session.scalar(others))
    author_id = author.id
    for person in (author, make.person()):
        privacy_commands.request_export(make.actor(person), person)
    db.session.commit()
    make_due_exports()
    erasure_id = erasures.prepare(db.session.get_one(Person, zoe_id), db.session.get_one(Person, admin_id))
    erasures.decide_all(erasure_id, admin_id, REDACT)
    erasures.carry_out(erasure_id, admin_id)
    stages = sorted(db.session.scalars(sa.select(DataExport.stage)))
    assert stages == ["expired", "ready"]
    own = browser_for(db.session.get_one(Person, author_id))
    for path in ("/inbox", "/profile/data"):
        assert "données d’une personne dont le compte est effacé" in words_of(own.visit(path))
    assert db.session.scalars(sa.select(Notification.action)).all().count("data_export.removed") == 1


def test_a_text_kept_with_a_reason_is_all_that_stays(project, zoe, admin, admin_id):
    erasure_id = erasures.prepare(zoe, admin)
    with pytest.raises(RuleBroken):
        erasures.decide_all(erasure_id, admin_id, KEEP)
    db.session.rollback()
    erasures.decide_all(erasure_id, admin_id, KEEP, "Un compte rendu public")
    erasures.carry_out(erasure_id, admin_id)
    tables = {place.split(".")[0] for place in erasures.traces()}
    # A word that is kept wherever it stands alone stays in copies too.
    kept_tables = {"comment", "item", "attachment", "gate_decision", "item_event"}
    assert {"comment", "item"} <= tables <= kept_tables | WORDS


def test_a_name_written_since_the_list_stops_it_until_it_is_decided(project, zoe, admin, admin_id):
    discussion_id, other_id = project.discussion_id, make.person().id
    erasure_id = erasures.prepare(zoe, admin)
    erasures.decide_all(erasure_id, admin_id, REDACT)
    make.comment(discussion_id, db.session.get_one(Person, other_id), "Encore Zéphyrine Quenneville")
    erasures.carry_out(erasure_id, admin_id)
    assert db.session.get_one(Erasure, erasure_id).stage is ErasureStage.LISTED
    assert erasures.decide_all(erasure_id, admin_id, REDACT) == 1
    erasures.carry_out(erasure_id, admin_id)
    assert erasures.traces() == set()


def test_the_trail_refers_to_texts_and_quotes_no_name(project, zoe, admin, admin_id):
    erasures.anybody_acts(admin)
    erasure_id = erasures.prepare(zoe, admin)
    assert db.session.get_one(Erasure, erasure_id).trail_lines == 0
    erasures.decide_all(erasure_id, admin_id, REDACT)
    erasures.carry_out(erasure_id, admin_id)
    assert erasures.traces() == set()
    assert list(AuditTrailVerification().list_faults()) == []


def test_lines_of_earlier_releases_stay_and_it_is_said_how_many_quote_the_name(zoe, admin, admin_id):
    """Append-only, and sealed: their texts stand in the lines themselves."""
    db.session.execute(
        sa.insert(AuditEvent.__table__).values(
            id=new_id(),
            created_at=clock.now(),
            action="person.profile_changed",
            subject="person",
            subject_id=zoe.id,
            facts={},
            before={},
            after={"note": "Zéphyrine Quenneville"},
        )
    )
    db.session.commit()
    erasure_id = erasures.prepare(zoe, admin)
    assert db.session.get_one(Erasure, erasure_id).trail_lines == 1
    erasures.decide_all(erasure_id, admin_id, REDACT)
    erasures.carry_out(erasure_id, admin_id)
    assert erasures.traces() == {"audit_event.after"}


def test_the_last_holder_of_a_role_hands_over_first(project, admin, admin_id):
    lead = make.role(project.id, Role.TEAM_LEAD)
    erasure_id = erasures.prepare(lead, admin)
    with pytest.raises(RuleBroken, match="dernière"):
        erasures.carry_out(erasure_id, admin_id)


def test_who_may(project, zoe, admin, admin_id):
    stranger = make.person()
    for actor in (stranger, make.role(project.id, Role.TEAM_LEAD)):
        with pytest.raises(NotAllowed):
            commands.ask_erasure(make.actor(actor), zoe)
    own_id = erasures.prepare(admin, admin)
    erasure, actor = db.session.get_one(Erasure, own_id), make.actor(db.session.get_one(Person, admin_id))
    with pytest.raises(NotAllowed):
        commands.approve_erasure(actor, erasure)
    commands.withdraw_erasure(actor, erasure)
    with pytest.raises(Overtaken, match="déjà retirée"):
        commands.withdraw_erasure(actor, erasure)


def test_a_journal_without_names_erases_again_what_a_copy_brought_back(project, zoe, admin):
    zoe_id, (comment_id, *_) = zoe.id, db.session.scalars(sa.select(Comment.id).order_by(Comment.id)).all()
    kept = [["comment", "body", f'["{comment_id}"]']]
    assert jobs.replay_erasure(ErasureJournalEntry(str(zoe_id), "2026-11-27T10:00:00+00:00", kept))
    assert "comment.body" in erasures.traces()
    assert {place.split(".")[0] for place in erasures.traces()} <= {"comment", *WORDS}
    assert not jobs.replay_erasure(ErasureJournalEntry(str(zoe_id), "2026-11-27T10:00:00+00:00", kept))
    assert not jobs.replay_erasure(ErasureJournalEntry(str(comment_id), "2026-11-27T10:00:00+00:00", []))


@pytest.fixture
def make_elsewhere(make_app, request, monkeypatch) -> Callable[[Path], Flask]:
    """Makes an application in a folder, without a database yet, on the engine of the test."""
    if db.engine.dialect.name == "sqlite":
        return lambda folder: make_app(DATA_DIR=str(folder))
    tools = dump_tools.find()
    if tools is None:
        pytest.skip(dump_tools.HOW_TO)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    url = postgresql.create_database(request.getfixturevalue("server"), f"restored_{worker}")
    address = url.render_as_string(hide_password=False)
    return lambda folder: make_app(DATA_DIR=str(folder), DATABASE_URL=address)


def test_after_a_restore_of_yesterdays_copy_nothing_is_found(zoe, admin, app, tmp_path, make_elsewhere):
    zoe_id, admin_id = zoe.id, admin.id
    db.session.commit()
    copies, elsewhere = tmp_path / "copies", tmp_path / "elsewhere"
    copies.mkdir()
    assert app.test_cli_runner().invoke(args=["backup", "create", str(copies)]).exit_code == 0
    erasure_id = erasures.prepare(db.session.get_one(Person, zoe_id), db.session.get_one(Person, admin_id))
    erasures.decide_all(erasure_id, admin_id, REDACT)
    erasures.carry_out(erasure_id, admin_id)
    journal = erasure_journal_path()
    assert [entry.person_id for entry in read_entries(journal)] == [
        str(db.session.get_one(Erasure, erasure_id).person_id)
    ]
    assert not erasures._names(journal.read_text())
    with restored_copy(copies, journal, elsewhere, make_elsewhere) as said:
        assert "Erasures: 1 done again, 0 with nothing left to erase" in said
        assert erasures.traces() == set()
        assert list(AuditTrailVerification().list_faults()) == []
