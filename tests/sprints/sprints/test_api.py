"""Sprints by the API: a start is undone at the version that was read."""

from datetime import timedelta

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import api
from tests.support import factories as make

SPRINTS = "/projects/heron/sprints"


def test_a_start_is_undone_within_the_hour(app):
    project = make.project(slug="heron")
    client = api.client(app, make.role(project.id, Role.TEAM_MEMBER))
    days = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=13)}
    plan = {"goal": "Lire"} | {name: day.isoformat() for name, day in days.items()}
    assert client.post(SPRINTS, plan).status_code == 201
    started = client.post(f"{SPRINTS}/1/start", {})
    assert (started.status_code, started.get_json()["state"]) == (200, "active")
    assert client.post(f"{SPRINTS}/1/undo").status_code == 428
    assert client.post(f"{SPRINTS}/1/undo", if_match='"99"').status_code == 412
    undone = client.post(f"{SPRINTS}/1/undo", if_match=started.headers["ETag"])
    assert (undone.status_code, undone.get_json()["state"]) == (200, "planned")
    assert client.post(f"{SPRINTS}/1/undo", if_match=undone.headers["ETag"]).status_code == 403
