"""Machine accounts: made by a lead, without a password, with tokens that count in their programme."""

import pytest
from flask import Flask

from portal.api.tokens import machine_commands, machine_queries
from portal.api.tokens.machine_models import MACHINES_MAX, MachineAccount
from portal.api.tokens.models import ApiToken
from portal.communication.notifications.models import Notification
from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION, Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, RuleBroken, TooLate
from portal.project.projects.models import Project
from tests.support import api
from tests.support import factories as make
from tests.support.api import ApiClient


@pytest.fixture
def lead(project: Project) -> Person:
    return make.role(project.programme_id, Role.PROGRAMME_LEAD)


@pytest.fixture
def programme(project: Project):
    return db.session.get_one(Programme, project.programme_id)


def test_a_machine_has_the_rights_of_its_role_in_its_programme_alone(app: Flask, project, programme, lead):
    make.project(slug="stork")
    observer = api.machine(lead, programme, Role.OBSERVER)
    leader = api.machine(lead, programme, Role.PROGRAMME_LEAD)
    watch = ApiClient(app, api.machine_token(lead, programme, observer.id))
    act = ApiClient(app, api.machine_token(lead, programme, leader.id))
    portfolio = f"/programmes/{programme.slug}/portfolio"
    assert watch.get(portfolio).status_code == act.get(portfolio).status_code == 200
    assert watch.get("/projects/heron").status_code == 404
    assert act.get("/projects/heron").status_code == 200
    assert [row["slug"] for row in act.get("/projects").get_json()["data"]] == ["heron"]
    of_programme = act.get(f"/projects?programme={programme.slug}&state=active").get_json()["data"]
    assert [row["slug"] for row in of_programme] == ["heron"]
    assert act.get("/projects?state=stopped").get_json()["data"] == []
    assert act.get("/projects?programme=none").get_json()["data"] == []
    advice = {"what": "Voir les usagers", "why": "Personne n’en a vu"}
    assert act.post("/projects/heron/recommendations", advice).status_code == 201
    assert watch.post("/projects/heron/recommendations", advice).status_code == 404
    db.session.rollback()
    line = db.session.query(AuditEvent).filter_by(action="recommendation.proposed").one()
    assert line.actor_id == leader.person_id
    assert db.session.query(Notification).filter_by(person_id=leader.person_id).count() == 0


def test_a_closed_machine_opens_nothing(app: Flask, programme, lead):
    account = api.machine(lead, programme)
    client = ApiClient(app, api.machine_token(lead, programme, account.id))
    assert client.get("/programmes").status_code == 200
    line = machine_queries.get_machine(programme, account.id)
    machine_commands.close_machine(make.actor(lead), programme, line)
    machine_commands.close_machine(make.actor(lead), programme, line)
    db.session.commit()
    assert client.get("/programmes").status_code == 401
    with pytest.raises(TooLate):
        api.machine_token(lead, programme, account.id)


def test_tokens_of_a_closed_machine_are_listed_nowhere(browser_for, project, programme, lead):
    account = api.machine(lead, programme)
    api.machine_token(lead, programme, account.id)
    administrator = make.role(INSTALLATION, Role.ADMINISTRATOR)
    desk = browser_for(administrator)
    assert "Tableau de bord" in desk.visit("/admin/tokens").text
    browser_for(lead).submit(f"/programmes/{programme.slug}/machines/{account.id}/close")
    assert "Tableau de bord" not in desk.visit("/admin/tokens").text
    assert db.session.query(ApiToken).filter_by(person_id=account.person_id, revoked_at=None).count() == 0
    # One that a release before left open.
    db.session.query(ApiToken).filter_by(person_id=account.person_id).update({"revoked_at": None})
    db.session.commit()
    assert "Tableau de bord" not in desk.visit("/admin/tokens").text


def test_only_a_lead_makes_one_of_a_few_roles(programme, lead):
    stranger = make.actor(make.role(programme.id, Role.OBSERVER))
    with pytest.raises(NotAllowed):
        machine_commands.create_machine(stranger, programme, "x", Role.OBSERVER)
    for role in (Role.JUROR, Role.ADMINISTRATOR, Role.COACH):
        with pytest.raises(NotAllowed):
            machine_commands.create_machine(make.actor(lead), programme, "x", role)
    for _ in range(MACHINES_MAX):
        api.machine(lead, programme)
    with pytest.raises(RuleBroken):
        api.machine(lead, programme)


def test_the_pages(browser_for, programme, lead):
    browser = browser_for(lead)
    place = f"/programmes/{programme.slug}/machines"
    assert browser.visit("/profile/tokens").find("a", href=place)
    browser.open(place, method="POST", data={"name": "Tableau de bord", "role": "observer", "form_key": "k"})
    account = db.session.query(MachineAccount).one()
    page = f"{place}/{account.id}"
    browser.open(f"{page}/tokens", method="POST", data={"name": "nuit", "days": "30", "form_key": "l"})
    shown = browser.visit(page)
    assert shown.select_one("#shown-once")["value"].startswith("prt_")
    again = browser.visit(page)
    assert "prt_" not in str(again)
    assert "nuit" in again.text, "the lead sees what opens, and takes it back"
    assert len(again.select("form[action*='/tokens/'], a[href*='/tokens/']")) == 1
    assert "Tableau de bord" in browser.visit(place).text
    browser.submit(f"{page}/close")
    assert "Ce compte est fermé" in browser.visit(page).text
    db.session.rollback()
    assert db.session.get_one(Person, account.person_id).password_hash is None
