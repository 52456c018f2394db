"""Teams side by side, and what changed in them, by the API."""

from datetime import timedelta

from portal.oversight.decisions.commands import withdraw_question
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.health.definition_rules import SignalCode, Thresholds
from portal.oversight.health.terms_commands import change_terms
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from tests.support import api, decisions
from tests.support import factories as make
from tests.support.health import known


def test_up_to_four_teams_are_compared(app):
    project = make.project(slug="heron")
    programme = get_programme_of(project)
    for slug in ("crane", "stork"):
        make.project(programme, slug=slug)
    make.project(slug="other")
    client = api.client(app, make.role(programme.id, Role.OBSERVER))
    path = f"/programmes/{programme.slug}/portfolio/comparison"
    compared = client.get(f"{path}?teams=heron,stork,heron").get_json()["data"]
    assert {team["slug"] for team in compared} == {"heron", "stork"}
    listed = client.get(f"/programmes/{programme.slug}/portfolio").get_json()["data"]
    assert all(team in listed for team in compared)
    refused = client.get(f"{path}?teams=heron,other")
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "?teams")
    assert client.get(f"{path}?teams=a,b,c,d,e").get_json()["errors"][0]["pointer"] == "?teams"
    assert client.get(path).status_code == 422


def test_teams_that_changed_since_a_visit_or_the_last_committee(app):
    project = make.project(slug="heron")
    programme = get_programme_of(project)
    lead = make.role(programme.id, Role.PROGRAMME_LEAD)
    client = api.client(app, lead)
    path = f"/programmes/{programme.slug}/portfolio/changes"
    asking = make.role(project.id, Role.TEAM_MEMBER)
    member = api.client(app, asking)
    for question in ("Quel serveur ?", "Quel hébergeur ?"):
        assert member.post("/projects/heron/decisions", {"question": question}).status_code == 201
    withdrawn = db.session.query(AwaitedDecision).filter_by(question="Quel hébergeur ?").one()
    withdraw_question(make.actor(asking), project, withdrawn, "Sans objet.", withdrawn.version)
    known(project)
    decisions.committee(project, lead, held_on=clock.today() - timedelta(days=1))
    db.session.commit()
    visit = client.get(path).get_json()["data"]
    assert [team["slug"] for team in visit] == ["heron"]
    changes = {change["kind"]: (change["number"], change["sentence"]) for change in visit[0]["changes"]}
    assert changes["questions"] == (1, "1 décision demandée\u00a0: Quel serveur ?")
    watcher = api.client(app, make.role(programme.id, Role.OBSERVER)).get(path).get_json()["data"]
    assert [change["sentence"] for change in watcher[0]["changes"] if change["kind"] == "questions"] == [
        changes["questions"][1]
    ]
    (committee,) = client.get(f"{path}?since=committee").get_json()["data"]
    assert committee["slug"] == "heron"
    assert committee["since"] > visit[0]["since"]
    assert client.get(f"{path}?since=ever").status_code == 422


def test_changed_thresholds_are_told_as_on_the_page(app):
    programme = get_programme_of(make.project(slug="heron"))
    leading = make.role(programme.id, Role.PROGRAMME_LEAD)
    path = f"/programmes/{programme.slug}/portfolio/threshold-changes"
    watcher = api.client(app, make.role(programme.id, Role.OBSERVER))
    assert watcher.get(path).get_json()["data"] == []
    weeks = Thresholds(5, 9)
    signal = SignalCode.NO_SPRINT
    change_terms(make.actor(leading), programme, signal, weeks, because="b", read_edition=0, knowingly=True)
    db.session.commit()
    (line,) = watcher.get(path).get_json()["data"]
    assert (line["code"], line["before"], line["after"]) == (
        signal.value,
        {"watch": 21, "alert": 35},
        {"watch": 5, "alert": 9},
    )
    assert "21 jours → 5 jours" in line["sentence"].replace("\xa0", " ")
