"""Group sessions by the API: who came, and what the teams thought of them."""

from portal.people.programmes.models import Programme
from portal.platform.kernel import api_answers
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import api
from tests.support import coaching as some
from tests.support import factories as make

MARKS = {"useful": 4, "suited": 5, "next_step": 3}


def place(programme, path):
    return f"/programmes/{programme.slug}/group-sessions/1/{path}"


def test_who_came_is_noted_by_team(app, project, coaching):
    some.gathering(project, coaching)
    programme = db.session.get_one(Programme, project.programme_id)
    client = api.client(app, make.role(programme.id, Role.PROGRAMME_LEAD))
    path, came = place(programme, "attendance"), [{"project_id": str(project.id), "people": 4}]
    assert client.get(path).get_json()["teams"] == []
    noted = client.put(path, {"teams": came}, if_match='"1"')
    assert (noted.status_code, noted.get_json()["teams"]) == (200, came)
    assert client.get(path).get_json() == noted.get_json()
    assert noted.get_json()["counted_at"]
    assert client.put(path, {"teams": came}, if_match='"1"').status_code == 412
    too_many = [{"project_id": str(project.id), "people": 100}]
    assert client.put(path, {"teams": too_many}, if_match='"2"').status_code == 422


def test_who_came_is_refused_for_another_programme_or_twice(app, project, coaching):
    some.gathering(project, coaching)
    programme = db.session.get_one(Programme, project.programme_id)
    client = api.client(app, make.role(programme.id, Role.PROGRAMME_LEAD))
    path, own = place(programme, "attendance"), {"project_id": str(project.id), "people": 4}
    other = {"project_id": str(make.project(slug="far").id), "people": 2}
    for teams, named in (([own, other], other), ([own, own | {"people": 3}], own)):
        refused = client.put(path, {"teams": teams}, if_match='"1"')
        assert refused.status_code == 422
        (error,) = refused.get_json()["errors"]
        assert (error["pointer"], named["project_id"] in error["detail"]) == ("/teams", True)
    assert client.get(path).get_json() == {"version": 1, "counted_at": None, "teams": []}


def test_marks_are_shown_as_sums_from_three_people_on(app, project, coaching):
    some.gathering(project, coaching)
    programme = db.session.get_one(Programme, project.programme_id)
    director = api.client(app, make.role(programme.id, Role.PROGRAMME_LEAD))
    path = place(programme, "satisfaction")
    for count in range(1, 4):
        client = api.client(app, make.role(project.id, Role.TEAM_MEMBER))
        refused = client.put(path, MARKS, idempotency_key=f"key-{count}")
        assert refused.get_json()["code"] == "key_refused"
        assert client.put(path, MARKS).status_code == 200
        assert client.put(path, MARKS).status_code == 403
        sums = director.get(path).get_json()
        assert (sums["people"], bool(sums["answers"])) == (count, count == 3)
    assert sums["answers"][0] == {"question": "useful", "counts": [0, 0, 0, 3, 0]}
    assert director.put(path, MARKS).status_code == 403
    # Nothing that is kept of a request would link its marks to whoever sent it.
    assert db.session.query(api_answers.StoredApiAnswer).count() == 0
