"""Browser test: a person takes their data and has their account erased, by an administrator."""

from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from portal.collaboration.discussions.models import Comment
from portal.people.accounts.models import FORMER_MEMBER, Person
from portal.people.privacy.erasure_jobs import advance_erasures
from portal.people.privacy.export_jobs import make_due_exports
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import factories as make

pytestmark = pytest.mark.browser


def work(portal, *jobs):
    """Do what the worker does."""
    with portal.app.app_context():
        for job in jobs:
            job()
        db.session.remove()


def write_and_be_named(portal, team):
    """Let the second agent write, and somebody name them; returns the name and the id of what was written."""
    with portal.app.app_context():
        people = (Person.email.in_([team.agent, team.second_agent]),)
        other, person = sorted(
            db.session.scalars(sa.select(Person).where(*people)),
            key=lambda each: each.email == team.second_agent,
        )
        project = db.session.scalars(sa.select(Project).where(Project.slug == team.slug)).one()
        own = make.comment(project.discussion_id, person, "Les clichés sont annotés.")
        make.comment(project.discussion_id, other, f"Merci à {person.name}.")
        db.session.commit()
        return person.name, own.id


def test_a_person_leaves_with_their_data(visitor, portal, team, tmp_path, window):
    name, written_id = write_and_be_named(portal, team)
    width, script = window
    own = visitor(width, script=script)
    own.enter(team.second_agent, "/profile/data")
    own.finds_no_fault()
    own.press("Demander mes données")
    own.sees("Votre export se prépare")
    work(portal, make_due_exports)
    own.go("/profile/data")
    own.finds_no_fault()
    with own.page.expect_download() as taken:
        own.press("Télécharger mes données")
    taken.value.save_as(tmp_path / "mine.zip")
    with ZipFile(tmp_path / "mine.zip") as mine:
        assert "account.json" in mine.namelist()
        assert any("Les clichés sont annotés." in mine.read(each).decode() for each in mine.namelist())
    own.follow("Faire effacer mon compte")
    own.finds_no_fault()
    own.press("Demander l’effacement")
    own.sees("L’effacement est demandé")
    own.sees("Y renoncer")
    work(portal, advance_erasures)
    desk = visitor(width, script=script)
    desk.enter("admin@demo.example", "/erasures")
    desk.follow(name)
    desk.sees(f"Merci à {name}")
    desk.finds_no_fault()
    for box in desk.page.locator("main [name=texts]").all():
        box.check(force=True)
    desk.choose("remplacé par")
    desk.press("Enregistrer la décision")
    desk.follow("Effacer")
    desk.finds_no_fault()
    desk.press("Effacer")
    desk.sees("L’effacement est en cours.")
    work(portal, advance_erasures)
    desk.page.reload()
    desk.sees("Fait le")
    desk.finds_no_fault()
    own.go("/profile/data")
    own.sees("Se connecter")
    with portal.app.app_context():
        written = db.session.get_one(Comment, written_id)
        assert db.session.get_one(Person, written.author_id).name == FORMER_MEMBER
        bodies = db.session.scalars(
            sa.select(Comment.body).where(Comment.discussion_id == written.discussion_id)
        )
        assert not [body for body in bodies if name in body]
        db.session.remove()
