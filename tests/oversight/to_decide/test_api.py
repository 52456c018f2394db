"""What waits for a decision, by the API: the lines of the page, in its order and with its details."""

from portal.oversight.gates import commands
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import api, decisions, gates
from tests.support import factories as make
from tests.support.gates import PROTOTYPE


def test_a_lead_lists_what_waits_for_them(app, project, person, leading):
    coach = gates.coach(project)
    gates.shown(project)
    gates.judged(project)
    commands.declare_gate(make.actor(make.role(project.id, Role.TEAM_LEAD)), project, PROTOTYPE)
    row = decisions.decision(project, person, question="Quel serveur ?")
    db.session.commit()
    lead = api.client(app, leading)
    lines = {line["kind"]: line for line in lead.get("/to-decide").get_json()["data"]}
    question = lines["decisions"]
    assert (question["title"], question["number"]) == ("Quel serveur ?", row.number)
    assert (question["id"], question["project"]) == (str(row.id), "heron")
    assert "tout y est prouvé" in lines["gates"]["detail"]
    assert coach.name in lines["gates"]["detail"]
    own = api.client(app, coach).get("/to-decide").get_json()["data"]
    assert [line["kind"] for line in own] == ["gates"]
    first = lead.get("/to-decide?limit=1")
    second = lead.get(first.headers["Link"].partition(">")[0].removeprefix("</api/v1"))
    everything = lead.get("/to-decide").get_json()["data"]
    assert [*first.get_json()["data"], *second.get_json()["data"]] == everything[:2]
    answer = {"outcome": "granted", "text": "a"}
    lead.post(f"/projects/heron/decisions/{row.number}/answer", answer, if_match="*")
    assert "decisions" not in {line["kind"] for line in lead.get("/to-decide").get_json()["data"]}


def test_whoever_decides_nothing_finds_no_such_list(app, project, person):
    assert api.client(app, person).get("/to-decide").status_code == 404
