"""Projects by the API: made, paused and stopped, their tracks, time given to them, invitations withdrawn."""

from datetime import timedelta

import pytest

from portal.people.programmes.models import INSTALLATION, Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import api
from tests.support import factories as make


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def client(app, project):
    return api.client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))


def pointers(response):
    return {error["pointer"] for error in response.get_json()["errors"]}


def test_a_project_is_made_on_tracks_of_its_programme(client, project):
    programme = db.session.get(Programme, project.programme_id)
    path, first = f"/programmes/{programme.slug}/projects", programme.starts_on
    last = (first + timedelta(days=200)).isoformat()
    body = {"organisation": "Mairie", "title_fr": "Lire", "starts_on": first.isoformat(), "ends_on": last}
    made = client.post(path, body | {"tracks": ["technical"]}, idempotency_key="once")
    assert made.status_code == 201, made.get_json()
    assert made.headers["Location"] == f"/api/v1/projects/{made.get_json()['slug']}"
    tracks = client.get(f"/projects/{made.get_json()['slug']}/tracks").get_json()["tracks"]
    assert [track["key"] for track in tracks] == ["technical"]
    assert pointers(client.post(path, body | {"tracks": ["astrology"]})) == {"/tracks"}
    assert pointers(client.post(path, body)) == {"/tracks"}
    inverted = body | {"tracks": [], "ends_on": first.isoformat()}
    assert pointers(client.post(path, inverted)) == {"/ends_on"}


def test_a_stop_says_why_and_what_was_learnt(client):
    def move(name, **texts):
        return client.post("/projects/heron/state", {"move": name} | texts)

    assert move("pause").get_json()["state"] == "paused"
    assert move("pause").status_code == 422
    assert pointers(move("stop")) == {"/reason"}
    assert pointers(move("stop", reason="Plus de données")) == {"/learnings"}
    stopped = move("stop", reason="Plus de données", learnings="Les demander tôt").get_json()
    assert (stopped["state"], stopped["learnings"]) == ("stopped", "Les demander tôt")
    assert pointers(move("resume")) == {"/reason"}
    assert move("resume", reason="Les données sont là").get_json()["state"] == "active"
    assert client.post("/projects/heron/state?dry_run=true", {"move": "finish"}).status_code == 200
    assert client.get("/projects/heron").get_json()["state"] == "active"
    assert move("finish").get_json()["state"] == "finished"


def test_tracks_are_chosen_by_key(client):
    path = "/projects/heron/tracks"
    assert len(client.get(path).get_json()["tracks"]) > 1
    chosen = client.put(path, {"tracks": ["technical"]}).get_json()["tracks"]
    assert [track["key"] for track in chosen] == ["technical"]
    assert client.get(path).get_json()["tracks"] == chosen
    assert pointers(client.put(path, {"tracks": ["technical", "astrology"]})) == {"/tracks"}


def test_the_share_of_a_member_is_set_by_whoever_may_invite(app, client, project):
    member = make.role(project.id, Role.TEAM_MEMBER)
    db.session.commit()
    [row] = client.get("/projects/heron/people").get_json()["data"]
    path = f"/projects/heron/people/{row['role_id']}/share"
    share = client.post(path, {"share_of_time": 40}).get_json()
    assert (share["share_of_time"], share["person_id"]) == (40, str(member.id))
    assert pointers(client.post(path, {"share_of_time": 101})) == {"/share_of_time"}
    assert client.post(path, {"share_of_time": None}).get_json()["share_of_time"] is None
    assert api.client(app, member).post(path, {"share_of_time": 100}).status_code == 403
    assert client.post(f"/projects/heron/people/{member.id}/share", {"share_of_time": 1}).status_code == 404


def test_an_invitation_into_a_team_is_withdrawn(app, client, project):
    lead = api.client(app, make.role(project.id, Role.TEAM_LEAD))
    offer = make.invitation(scope_id=project.id, role=Role.TEAM_MEMBER, token_hash="a" * 64)
    elsewhere = make.invitation(scope_id=INSTALLATION, role=Role.ADMINISTRATOR, token_hash="b" * 64)
    db.session.commit()
    path = "/projects/heron/invitations"
    [row] = lead.get(path).get_json()["data"]
    assert (row["id"], "token_hash" in row) == (str(offer.id), False)
    assert lead.ask("DELETE", f"{path}/{elsewhere.id}").status_code == 404
    assert lead.ask("DELETE", f"{path}/{offer.id}").status_code == 204
    assert client.get(path).get_json()["data"] == []
