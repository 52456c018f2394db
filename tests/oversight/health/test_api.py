"""Health by the API: what the team's lead and the programme's lead say of a project."""

from datetime import timedelta

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import api
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
