"""Health by the API: what leads say of a project, thresholds of a programme, who follows a signal."""

from datetime import timedelta

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.project.projects.queries import get_programme_of
from tests.support import api, health
from tests.support import factories as make


def test_leads_say_how_they_see_a_project(app):
    project = make.project(slug="heron")
    lead = api.client(app, make.role(project.id, Role.TEAM_LEAD))
    direction = api.client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    weather = {"outlook": "rainy", "sentence": "Les données manquent."}
    assert direction.post("/projects/heron/weather", weather).status_code == 403
    assert lead.post("/projects/heron/weather", weather | {"outlook": "snow"}).status_code == 422
    declared = lead.post("/projects/heron/weather", weather)
    assert (declared.status_code, declared.get_json()["outlook"]) == (201, "rainy")
    until = (clock.today() + timedelta(days=20)).isoformat()
    word = {"level": 2, "text": "Plus de porteur.", "until": until}
    assert lead.post("/projects/heron/health/override", word).status_code == 403
    for level in (True, "2", 2**64, None):
        refused = direction.post("/projects/heron/health/override", word | {"level": level})
        assert refused.status_code == 422, level
    said = direction.post("/projects/heron/health/override", word)
    assert (said.status_code, said.get_json()["level"], said.get_json()["until"]) == (201, 2, until)


def test_thresholds_change_by_edition(app):
    project = make.project(slug="heron")
    direction = api.client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    path = f"/programmes/{get_programme_of(project).slug}/signals"
    before = direction.get(f"{path}/advice").get_json()
    assert before in direction.get(path).get_json()["data"]
    sent = {"watch": 30, "alert": 40, "because": "Peu de séances", "knowingly": True}
    assert direction.put(f"{path}/advice", sent, if_match='"5"').status_code == 412
    assert direction.put(f"{path}/advice", sent | {"alert": 3}, if_match='"0"').status_code == 422
    changed = direction.put(f"{path}/advice", sent, if_match='"0"').get_json()
    assert (changed["watch"], changed["alert"], changed["version"]) == (30, 40, 1)
    (edition,) = direction.get(path.replace("signals", "signal-editions")).get_json()["data"]
    assert (edition["code"], edition["because"]) == ("advice", "Peu de séances")
    assert direction.put(f"{path}/nope", sent, if_match='"0"').status_code == 404


def test_a_raised_signal_is_followed_until_a_day(app):
    day = clock.today() - timedelta(days=100)
    project = make.project(slug="heron", starts_on=day, ends_on=day + timedelta(days=300))
    state = health.known(project)
    code = state.reasons[0].code.value
    coach = api.client(app, make.role(project.id, Role.COACH))
    path, until = f"/projects/heron/health/{code}/charge", clock.today() + timedelta(days=9)
    assert coach.get(path).get_json() == {"code": code, "version": 0}
    assert coach.get(path).headers["ETag"].startswith('"0-')
    sent = {"text": "J’appelle la DSI.", "until": until.isoformat()}
    taken = coach.ask("POST", path, sent, if_match='"0"').get_json()
    assert {name: taken[name] for name in sent} == sent
    assert (taken["version"], taken["taken_on"]) == (1, clock.today().isoformat())
    assert coach.ask("POST", path, sent | {"text": "Autre."}, if_match='"0"').status_code == 412
    assert coach.get(path).get_json() == taken
    late = sent | {"until": (clock.today() + timedelta(days=60)).isoformat()}
    assert coach.ask("POST", path, late, if_match='"1"').status_code == 422
