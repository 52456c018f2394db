"""Programmes by the API: created from a template, changed; their tracks added, moved and removed."""

import pytest

from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from tests.support import api
from tests.support import factories as make

PLAN = {"name_fr": "AMI 2027", "starts_on": "2027-01-01", "months": 10, "test_retention": 12}


@pytest.fixture
def administrator(app):
    return api.client(app, make.role(INSTALLATION, Role.ADMINISTRATOR))


def test_a_programme_is_created_from_a_template(app, administrator):
    tracks = ["Technique", "Stratégie"]
    made = administrator.post("/programmes", PLAN | {"tracks": tracks})
    assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/programmes/ami-2027")
    listed = administrator.get("/programmes/ami-2027/tracks").get_json()["data"]
    assert [track["name_fr"] for track in listed] == tracks
    again = administrator.post("/programmes", PLAN | {"tracks": tracks}).get_json()
    assert again["errors"][0]["pointer"] == "/name_fr"
    for name, value in (("tracks", ["Même", "même"]), ("tracks", []), ("template", "horoscope")):
        body = PLAN | {"name_fr": "Autre", "tracks": tracks, name: value}
        refused = administrator.post("/programmes", body).get_json()
        assert refused["errors"][0]["pointer"] == f"/{name}"


def test_a_programme_changes_at_the_version_that_was_read(app, administrator):
    programme = make.programme()
    path, other = f"/programmes/{programme.slug}", api.client(app, make.role(programme.id, Role.OBSERVER))
    sent = PLAN | {"name_en": "Call 2027", "about_fr": "Pour voir."}
    assert other.put(path, sent, if_match='"1"').status_code == 403
    assert administrator.put(path, sent, if_match='"7"').status_code == 412
    changed = administrator.put(path, sent, if_match='"1"').get_json()
    assert {name: changed[name] for name in sent} == sent
    assert changed["slug"] == programme.slug


def test_tracks_are_added_moved_and_removed(app, administrator):
    programme = make.programme()
    path = f"/programmes/{programme.slug}/tracks"
    for name in ("Technique", "Stratégie"):
        assert administrator.post(path, {"name_fr": name}).status_code == 201
    assert administrator.post(path, {"name_fr": "technique"}).status_code == 422
    _first, second = administrator.get(path).get_json()["data"][-2:]
    place = f"{path}/{second['id']}"
    moved = administrator.put(place, {"name_fr": "Conseil", "place": 1}, if_match='"1"').get_json()
    assert (moved["name_fr"], moved["position"], moved["key"]) == ("Conseil", 0, second["key"])
    assert administrator.put(place, {"name_fr": "Avis", "place": 1}, if_match='"1"').status_code == 412
    assert administrator.ask("DELETE", place).status_code == 204
    assert second["id"] not in {track["id"] for track in administrator.get(path).get_json()["data"]}
    assert administrator.ask("DELETE", place).status_code == 404


def test_an_invitation_is_withdrawn_once(app):
    programme = make.programme()
    person = make.role(programme.id, Role.PROGRAMME_LEAD)
    lead, ids = api.client(app, person), {"scope_id": programme.id, "invited_by_id": person.id}
    offer = make.invitation(**ids, role=Role.COACH, token_hash="0" * 64)
    path = f"/programmes/{programme.slug}/invitations"
    assert [row["id"] for row in lead.get(path).get_json()["data"]] == [str(offer.id)]
    assert lead.ask("DELETE", f"{path}/{offer.id}").status_code == 204
    assert lead.ask("DELETE", f"{path}/{offer.id}").status_code == 404
