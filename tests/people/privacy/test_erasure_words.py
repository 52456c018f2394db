"""Who is told of an erasure, why one stopped, and what is left to decide."""

from types import SimpleNamespace

import sqlalchemy as sa

from portal.collaboration.files.erasure_commands import erase_file_content
from portal.collaboration.files.queries import read_subject_files_page
from portal.communication.notifications.models import Notification
from portal.people.privacy import erasure_commands as commands
from portal.people.privacy import erasure_jobs as jobs
from portal.people.privacy.erasure_models import Erasure, ErasureMention, ErasureStage, MentionDecision
from portal.people.privacy.labels import text_place_label
from portal.people.privacy.text_place_queries import TextOrigin
from portal.people.proconnect.models import FederatedIdentity
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.text import using_language
from tests.people.privacy.test_erasures import admin, clean_folders, project, zoe
from tests.support import erasures, project_file
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.keeping import write

__all__ = ["admin", "clean_folders", "project", "zoe"]


def kinds() -> list[str]:
    rows = db.session.scalars(sa.select(OutboxMessage.kind).where(OutboxMessage.kind.like("erasure%"))).all()
    db.session.rollback()
    return list(rows)


def test_the_person_is_told_who_asks_how_to_object_and_when_it_is_done(app, browser_for):
    administrator, who = make.role(INSTALLATION, Role.ADMINISTRATOR), make.person(email="vera@demo.example")
    name, own = administrator.name, browser_for(who)
    erasure_id = erasures.prepare(who, administrator)
    (asked,) = erasures.send_letters()
    plain = asked.get_body(preferencelist=("plain",)).get_content()
    assert name in plain
    assert "/profile/data" in plain
    assert f"{name} prépare l’effacement de votre compte" in words_of(own.visit("/inbox"))
    actor = make.actor(db.session.merge(administrator))
    commands.approve_erasure(actor, db.session.get_one(Erasure, erasure_id))
    db.session.commit()
    jobs.advance_erasures()
    assert kinds() == ["erasure-done"]
    (last,) = erasures.send_letters()
    assert str(last["To"]) == "vera@demo.example"
    assert str(last["Subject"]) == "Votre compte du portail est effacé"
    assert kinds() == [], "the address is forgotten with it"


def test_own_requests_are_told_to_administrators(app, browser_for):
    administrator, who = make.role(INSTALLATION, Role.ADMINISTRATOR), make.person()
    admin_id = administrator.id
    browser_for(who).submit("/profile/data/erasure")
    assert db.session.scalars(sa.select(Notification.person_id)).all() == [admin_id]
    assert kinds() == []


def test_an_administrator_reads_that_a_request_is_withdrawn_already(app, browser_for):
    administrator, who = make.role(INSTALLATION, Role.ADMINISTRATOR), make.person()
    own, desk = browser_for(who), browser_for(administrator)
    erasure_id = erasures.prepare(who, administrator)
    own.submit("/profile/data/erasure/withdraw")
    page = desk.submit(f"/erasures/{erasure_id}/withdraw", expect=409)
    assert "déjà retirée" in words_of(page)


def test_rows_that_go_anyway_are_not_to_decide_and_a_stop_says_why(app, browser_for):
    project = make.project()
    administrator, who = make.role(INSTALLATION, Role.ADMINISTRATOR), make.person(email="vera@demo.example")
    other, admin_id = make.holder(Role.TEAM_MEMBER, project), administrator.id
    discussion_id = project.discussion_id
    write(FederatedIdentity(person_id=who.id, issuer="https://i.example", subject="s", email=who.email))
    desk = browser_for(administrator)
    erasure_id = erasures.prepare(who, administrator)
    assert db.session.scalars(sa.select(ErasureMention)).all() == []
    commands.approve_erasure(
        make.actor(db.session.merge(administrator)), db.session.get_one(Erasure, erasure_id)
    )
    make.comment(discussion_id, db.session.merge(other), "Écrire à vera@demo.example")
    db.session.commit()
    jobs.advance_erasures()
    assert db.session.get_one(Erasure, erasure_id).stage is ErasureStage.LISTED
    page = words_of(desk.visit(f"/erasures/{erasure_id}"))
    assert "s’est arrêté" in page
    assert "cette personne est nommée dans 1 autre texte" in page
    assert "Un effacement approuvé s’est arrêté" in words_of(desk.visit("/inbox"))
    assert erasures.decide_all(erasure_id, admin_id, MentionDecision.REDACT) == 1


def test_nobody_is_named_as_who_deleted_a_file_that_an_erasure_deleted(project):
    item, author = make.item(project), make.holder(Role.TEAM_MEMBER, project)
    first, second = (
        project_file.attachment(project, item, author, name=f"{n}.txt", data=b"x%d" % n) for n in (1, 2)
    )
    erase_file_content((first.id,))
    second.removed_at, second.removed_by_id = clock.now(), author.id
    db.session.commit()
    shown = {
        row.file.name: row.removed_by
        for row in read_subject_files_page(SimpleNamespace(id=item.id, kind="item")).rows
    }
    assert shown == {"1.txt": None, "2.txt": author.name}


def test_the_name_of_a_file_has_the_quotation_marks_of_the_language(app):
    with app.test_request_context():
        for language, quoted in (("fr", "Fichiers «\u00a0notes.txt\u00a0»"), ("en", "Fichiers “notes.txt”")):
            with using_language(language):
                assert text_place_label(TextOrigin("Fichiers", "notes.txt", "", None, "")) == quoted
