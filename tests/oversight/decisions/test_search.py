"""Decisions in search: the operator finds those put to them, and nobody else more than before."""

from importlib import import_module

import pytest
import sqlalchemy as sa

from portal.collaboration.search import queries
from portal.collaboration.search.queries import SearchFilters
from portal.oversight.decisions import commands
from portal.oversight.decisions.commands import DecisionFacts
from portal.oversight.decisions.models import DecisionAddressee
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import api
from tests.support import factories as make

OPERATED, LED = "Canari du financement", "Canari de la direction"
MIGRATION = import_module("migrations.versions.0054_operator_search")


def ask(member, project, question, addressee=DecisionAddressee.LEAD):
    facts = DecisionFacts(question=question, addressee=addressee)
    decision = commands.ask_decision(member, project, facts)
    db.session.commit()
    return decision


def titles(actor):
    results = queries.search(actor, SearchFilters(q="canari"))
    titles = sorted(hit.title for _source, hit in results.hits)
    assert results.count == len(titles)  # counts say nothing of what is not found
    return titles


@pytest.fixture
def asked(project, member):
    ask(member, project, LED)
    return ask(member, project, OPERATED, DecisionAddressee.OPERATOR)


def test_the_operator_finds_what_is_put_to_them_by_page_and_api(app, browser_for, project, asked):
    operator = make.role(project.programme_id, Role.OPERATOR)
    assert titles(make.actor(operator)) == [OPERATED]
    (hit,) = api.client(app, operator).get("/search?q=canari").get_json()["data"]
    assert (hit["title"], hit["page"]) == (OPERATED, f"/projects/heron/decisions/{asked.number}")
    page = browser_for(operator).visit("/search?q=canari")
    link = page.find("a", href=hit["page"])
    assert link.get_text().strip() == OPERATED
    assert LED not in page.get_text()
    browser_for(operator).visit(hit["page"])


def test_nobody_else_finds_more(project, asked, member, coach, lead):
    for reader in (member, coach, lead):
        assert titles(reader) == [LED, OPERATED]
    far = make.project(slug="far")
    for person in (
        make.role(far.programme_id, Role.OPERATOR),
        make.role(far.id, Role.TEAM_MEMBER),
        make.role(project.programme_id, Role.OBSERVER),
        make.role(project.programme_id, Role.JUROR),
        make.role(project.programme_id, Role.COACH),
        make.role(INSTALLATION, Role.ADMINISTRATOR),
    ):
        assert titles(make.actor(person)) == []


def test_a_question_put_to_somebody_else_is_lost_to_the_operator(project, asked, member, operator):
    facts = DecisionFacts(question=OPERATED, addressee=DecisionAddressee.LEAD)
    commands.change_question(member, project, asked, facts, asked.version)
    db.session.commit()
    assert titles(operator) == []


def test_what_was_withdrawn_is_not_found(project, asked, member, operator, lead):
    commands.withdraw_question(member, project, asked, "Canari sans objet.", asked.version)
    db.session.commit()
    assert titles(operator) == []
    assert titles(member) == titles(lead) == [LED]


def test_what_was_indexed_before_is_found_after_the_migration(asked, operator, lead):
    engine = db.engine.dialect.name
    db.session.execute(sa.text(MIGRATION.REMOVE[engine]))
    assert titles(operator) == []
    assert titles(lead) == [LED, OPERATED]
    db.session.execute(sa.text(MIGRATION.ADD[engine]))
    assert titles(operator) == [OPERATED]
