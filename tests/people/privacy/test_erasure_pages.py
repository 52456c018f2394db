"""The pages of an erasure: for the person who asks, and the administrator who decides."""

import json

import sqlalchemy as sa

from portal.collaboration.discussions.models import Comment
from portal.people.accounts.models import Person
from portal.people.privacy import erasure_jobs as jobs
from portal.people.privacy import erasure_text_queries
from portal.people.privacy.erasure_models import Erasure, ErasureMention
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.people.privacy.test_erasures import admin, clean_folders, project, zoe
from tests.support import erasures
from tests.support import factories as make
from tests.support.browser import words_of

__all__ = ["admin", "clean_folders", "project", "zoe"]


def test_the_pages(project, zoe, admin, browser_for):
    own, desk = browser_for(zoe), browser_for(admin)
    authors = sa.select(Person.name).join(Comment, Comment.author_id == Person.id)
    project_name = project.acronym or project.organisation
    other = db.session.scalar(authors.where(Person.id != zoe.id).limit(1))
    own.submit("/profile/data/erasure")
    jobs.advance_erasures()
    assert "Y renoncer" in words_of(own.visit("/profile/data"))
    assert "À décider" in words_of(desk.visit("/erasures"))
    erasure = db.session.scalars(sa.select(Erasure)).one()
    path, who_id = f"/erasures/{erasure.id}", erasure.person_id
    page = words_of(desk.visit(path))
    assert "Merci à Mme Quenneville" in page
    assert "Vous gardez le nom dans" not in page
    assert "Il cherche aussi, seuls" in page
    assert "comment.body" not in page
    assert f", {project_name}, " in page
    assert f", par {other}, " in page
    ids = [row.id for row in db.session.scalars(sa.select(ErasureMention))]
    assert "Cochez" in words_of(desk.submit(f"{path}/texts", decision="redact", expect=422))
    desk.submit(f"{path}/texts", texts=ids, decision="keep", reason="Une rue")
    assert "le nom reste (Une rue)" in words_of(desk.visit(path))
    desk.submit(f"{path}/texts", texts=ids, decision="redact")  # changed before it is approved
    assert "le nom reste" not in words_of(desk.visit(path))
    desk.submit(f"{path}/approve")
    jobs.advance_erasures()
    assert "Effacé" in words_of(desk.visit(path))
    assert own.open("/profile/data", method="GET").status_code == 303
    assert "Ancien membre" in words_of(desk.visit("/people?q=ancien"))
    departed = str(desk.visit(f"/people/{who_id}"))
    assert "Ce compte est effacé" in departed
    assert not [end for end in ("/open", "/join", "/erasure", "/second-factor") if f'{end}"' in departed]


def test_texts_are_paged_and_lead_where_the_administrator_may_read(
    project, zoe, admin, browser_for, monkeypatch
):
    monkeypatch.setattr(erasure_text_queries, "PER_PAGE", 3)
    sprint = make.sprint(project, goal="Revoir avec Zephyrine Quenneville")
    sprint_page = f"/projects/{project.slug}/sprints/{sprint.number}"
    make.role(project.programme_id, Role.PROGRAMME_LEAD, admin)
    desk = browser_for(admin)
    erasure_id = erasures.prepare(zoe, admin)
    path, texts, links = f"/erasures/{erasure_id}", [], []
    count = db.session.scalar(sa.select(sa.func.count()).where(~ErasureMention.is_fixed))
    for number in range(1, -(-count // 3) + 1):
        page = desk.visit(f"{path}?page={number}")
        texts += [box["value"] for box in page.select("[name=texts]")]
        links += [link["href"] for link in page.select("[id$=-page]")]
        assert "Texte du portail" not in words_of(page)
    assert len(texts) == len(set(texts)) == count
    assert sprint_page in links
    assert any(link.startswith("/comments/") for link in links)
    desk.submit(f"{path}/texts?page=2", texts=texts[3:6], decision="redact")
    assert db.session.scalar(sa.select(sa.func.count()).where(ErasureMention.decision.is_not(None))) == 3
    plain = browser_for(make.holder(Role.ADMINISTRATOR, make.project()))
    assert not plain.visit(path).select("[id$=-page]"), "an administrator reads no content by that right"


def test_a_hundred_texts_take_the_statements_of_a_few(project, zoe, admin, browser_for, statements):
    discussion_id, other = project.discussion_id, make.holder(Role.TEAM_MEMBER, project)
    desk = browser_for(admin)
    erasure_id = erasures.prepare(zoe, admin)
    taken = []
    kinds = sa.select(sa.func.count(sa.distinct(ErasureMention.table_name)))
    for count in (0, 90):
        for _number in range(count):
            said = make.comment(discussion_id, db.session.merge(other), "Merci à Zephyrine Quenneville")
            key = json.dumps([str(said.id)])
            mention = {"table_name": "comment", "column_name": "body", "row_key": key, "is_fixed": False}
            db.session.add(ErasureMention(erasure_id=erasure_id, **mention))
        db.session.commit()
        desk.visit(f"/erasures/{erasure_id}")  # what is cached once
        statements.clear()
        page = desk.visit(f"/erasures/{erasure_id}")
        taken.append((len(page.select("[name=texts]")), len(statements), db.session.scalar(kinds)))
    (few, few_statements, few_kinds), (many, many_statements, kinds_then) = taken
    assert many >= few + 80
    assert kinds_then == few_kinds, "the texts are of the same tables"
    assert many_statements == few_statements


def test_the_last_role_names_its_project(project, admin, browser_for):
    lead, name = make.role(project.id, Role.TEAM_LEAD), project.acronym or project.organisation
    desk = browser_for(admin)
    erasure_id = erasures.prepare(lead, admin)
    page = words_of(desk.visit(f"/erasures/{erasure_id}"))
    assert f", {name}, " in page.partition("À confier d’abord")[2][:150]
