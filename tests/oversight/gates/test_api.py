"""Gates of a programme by the API: what it asks, who accepts it and when; panels; reminders."""

import pytest

from portal.oversight.gates.definition_rules import GateVerb
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.project.projects.queries import get_programme_of
from tests.support import api, gates, project_file
from tests.support import factories as make

WHY = {"because": "Un essai de plus", "knowingly": True}
PANEL = {
    "held_on": clock.today().isoformat(),
    "members": "DSI",
    "criteria": [{"text": "Le délai baisse", "is_met": False}],
    "outcome": "continue",
    "reasons": "Les agents veulent continuer.",
}


@pytest.fixture
def director(app, project):
    return api.client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))


@pytest.fixture
def path(project):
    return f"/programmes/{get_programme_of(project).slug}/gates"


def matching(row):
    return {"if_match": f'"{row["version"]}"'}


def test_terms_are_changed_by_edition_once_their_effects_are_known(project, director, path):
    gates.judged(project)
    before = director.get(f"{path}/3").get_json()
    names = ("weight", "month", "acceptor", "track")
    terms = {name: before[name] for name in names} | {"weight": before["weight"] + 3}
    assert director.put(f"{path}/3/terms", terms | WHY, if_match='"7"').status_code == 412
    changed = director.put(f"{path}/3/terms", terms | WHY, **matching(before)).get_json()
    assert changed["weight"] == before["weight"] + 3
    assert changed["thresholds"] == before["thresholds"]
    unknown = terms | WHY | {"thresholds": {"nope": 3}}
    refused = director.put(f"{path}/3/terms", unknown, **matching(changed))
    assert refused.get_json()["errors"][0]["pointer"] == "/thresholds"
    gates.decision(project, 3, GateVerb.ACCEPTED, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    warned = director.put(f"{path}/3/terms", terms | WHY | {"weight": 1, "knowingly": False}, if_match='"1"')
    assert (warned.status_code, warned.get_json()["errors"][0]["pointer"]) == (422, "/knowingly")
    assert "ASN" in warned.get_json()["detail"]
    (edition,) = director.get(f"{path}/3/editions").get_json()["data"]
    assert (edition["edition"], edition["because"]) == (1, WHY["because"])


def test_a_gate_is_added_renamed_moved_left_out_and_put_back(project, director, path):
    new = {"name_fr": "Données partagées", "predicates": ["data_received"], "weight": 5, "month": 3}
    new |= {"acceptor": "direction", **WHY}
    refused = director.post(path, new | {"predicates": ["horoscope"]}).get_json()
    assert refused["errors"][0]["pointer"] == "/predicates"
    added = director.post(path, new)
    assert (added.status_code, added.headers["Location"]) == (201, f"/api/v1{path}/12")
    content = {"name_fr": "Données ouvertes", "predicates": ["data_received"], "position": 1, **WHY}
    moved = director.put(f"{path}/12", content, **matching(added.get_json())).get_json()
    assert (moved["name_fr"], moved["position"]) == ("Données ouvertes", 1)
    left = director.ask("POST", f"{path}/12/leave-out", WHY, **matching(moved)).get_json()
    assert (left["is_left_out"], left["position"]) == (True, None)
    assert director.get(path + "?limit=100").get_json()["data"][-1] == left
    terms = {"weight": 0, "month": 0, "acceptor": "reviewer", **WHY}
    assert director.put(f"{path}/12/terms", terms, if_match="*").status_code == 404
    back = director.ask("POST", f"{path}/12/put-back", WHY, **matching(left)).get_json()
    assert (back["is_left_out"], back["position"]) == (False, 1)
    assert director.ask("POST", f"{path}/23/put-back", WHY, if_match='"0"').status_code == 404


def test_acceptors_of_several_gates_are_set_at_once(project, director, path):
    place = path.replace("/gates", "/gate-assignments")
    before = director.get(place).get_json()
    assert len(before["gates"]) == 12
    sent = {"gates": [{"number": 4, "month": 2, "acceptor": "direction"}], **WHY}
    assert director.put(place, sent, if_match='"9"').status_code == 412
    after = director.put(place, sent, if_match=f'"{before["version"]}"').get_json()
    assert after["gates"][4] == {"number": 4, "month": 2, "acceptor": "direction", "track": ""}
    assert after["version"] == before["version"] + 1
    unknown = {"gates": [{"number": 20, "month": 2, "acceptor": "direction"}], **WHY}
    refused = director.put(place, unknown, if_match=f'"{after["version"]}"').get_json()
    assert refused["errors"][0]["pointer"] == "/gates"


def test_a_panel_is_noted_and_changed(app, project, director):
    project_file.version(project)
    made = director.post("/projects/heron/panels", PANEL | {"prototype": 1})
    panel = made.get_json()
    assert (made.status_code, panel["criteria"]) == (201, PANEL["criteria"])
    assert panel["prototype_version_id"]
    refused = director.post("/projects/heron/panels", PANEL | {"prototype": 9}).get_json()
    assert refused["errors"][0]["pointer"] == "/prototype"
    changed = director.put("/projects/heron/panels/1", PANEL | {"outcome": "stop"}, **matching(panel))
    assert (changed.get_json()["outcome"], changed.get_json()["prototype_version_id"]) == ("stop", None)
    assert director.get("/projects/heron/panels").get_json()["data"] == [changed.get_json()]
    team = api.client(app, make.role(project.id, Role.TEAM_LEAD))
    assert team.post("/projects/heron/panels", PANEL | {"prototype": 9}).status_code == 403


def test_the_plan_and_the_key_roles_are_written_a_first_time_and_again(app, project):
    lead = make.role(project.id, Role.TEAM_LEAD)
    team = api.client(app, lead)
    for place, body in (
        ("change-plan", {"missions": "Relire", "workflow": "", "training": ""}),
        ("engagement", {"sponsor_id": str(lead.id), "business_owner_id": None}),
    ):
        path = f"/projects/heron/{place}"
        assert team.get(path).status_code == 404
        first = team.put(path, body, if_match='"0"').get_json()
        assert {name: first[name] for name in body} == body
        assert team.put(path, body, if_match='"0"').status_code == 412
        again = team.put(path, dict.fromkeys(body, None if place == "engagement" else ""), **matching(first))
        assert again.status_code == 200
        assert team.get(path).get_json() == again.get_json()


def test_whoever_accepts_a_gate_is_reminded_once_a_day(app, project, director):
    gates.coach(project)
    gates.judged(project)
    assert director.post("/projects/heron/gates/5/remind").status_code == 404  # nobody asked for it
    gates.decision(project, 5, GateVerb.DECLARED, make.role(project.id, Role.TEAM_LEAD))
    assert director.post("/projects/heron/gates/5/remind").status_code == 200
    assert director.post("/projects/heron/gates/5/remind").status_code == 422
