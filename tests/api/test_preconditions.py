"""`If-Match`: the whole ETag of what was read, `*`, or several; a bare version is that field alone."""

import pytest
from flask import Flask

from portal.app.application.features import API_AREAS
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.web.api_preconditions import _PARAMETER, _list_reads_of_accepted_etags
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support.api import ApiClient, client

ITEMS = "/projects/heron/items"
TEXT = {"title": "Relire"}


@pytest.fixture
def api(app: Flask, project: Project, person: Person) -> ApiClient:
    sprint = make.active_sprint(project, number=1)
    for number, title in ((1, "Lire"), (2, "Trier")):
        make.item(project, sprint, number=number, title=title)
    return client(app, person)


def test_the_whole_etag_is_compared(api: ApiClient):
    own, other = (api.get(f"{ITEMS}/{number}").headers["ETag"] for number in (1, 2))
    refused = ['"1-dead"', other, f"W/{own}", own.strip('"'), '"x"', "", f'{other}, "7"', '"99999999999"']
    for header in refused:
        answer = api.put(f"{ITEMS}/1", TEXT, if_match=header)
        assert (answer.status_code, answer.get_json()["code"]) == (412, "precondition_failed"), header
    assert api.put(f"{ITEMS}/1", TEXT, if_match=own).status_code == 200
    assert api.put(f"{ITEMS}/1", TEXT | {"title": "Lu"}, if_match=own).status_code == 412


@pytest.mark.parametrize("header", ["*", '"1"', '"7-ab", {own}', '{own}, "7"', '"7","1"'])
def test_any_etag_of_a_list_and_the_star_pass(api: ApiClient, header: str):
    own = api.get(f"{ITEMS}/1").headers["ETag"]
    assert api.put(f"{ITEMS}/1", TEXT, if_match=header.format(own=own)).status_code == 200


def test_the_star_opens_nothing(app: Flask, api: ApiClient):
    stranger = client(app, make.role(make.project(slug="far").id, Role.TEAM_MEMBER))
    assert stranger.put(f"{ITEMS}/1", TEXT, if_match="*").status_code == 404
    assert api.put(f"{ITEMS}/9", TEXT, if_match="*").status_code == 404


def test_an_act_takes_the_etag_of_the_row_above(api: ApiClient):
    own, other = (api.get(f"{ITEMS}/{number}").headers["ETag"] for number in (1, 2))
    body = {"state": "doing"}
    assert api.post(f"{ITEMS}/1/state", body, if_match=other).status_code == 412
    assert api.post(f"{ITEMS}/1/state", body, if_match=own).status_code == 200


def test_every_versioned_write_compares_with_a_read():
    operations = [each for area in API_AREAS for each in area.operations]
    assert [
        each.id
        for each in operations
        if each.is_versioned and not _list_reads_of_accepted_etags(each, operations)
    ] == []


def test_a_row_below_a_list_has_an_etag_of_its_own(app: Flask, project: Project):
    lead = client(app, make.role(project.programme_id, Role.PROGRAMME_LEAD))
    programme = db.session.get_one(Programme, project.programme_id)
    tracks = f"/programmes/{programme.slug}/tracks"
    first, second = (lead.post(tracks, {"name_fr": name}).get_json()["id"] for name in ("Droit", "Coût"))
    own, other = (lead.get(f"{tracks}/{track}").headers["ETag"] for track in (first, second))
    assert own.partition("-")[0] == other.partition("-")[0]  # of one version
    body = {"name_fr": "Droits", "place": 1}
    assert lead.put(f"{tracks}/{first}", body, if_match=other).status_code == 412
    assert lead.put(f"{tracks}/{first}", body, if_match=own).status_code == 200


def test_named_reads_exist():
    operations = {each.id: each for area in API_AREAS for each in area.operations}
    named = [(each.id, id_) for each in operations.values() for id_ in each.read_by]
    assert named
    for id_, read in named:
        assert operations[id_].is_versioned, id_
        assert not operations[read].writes, read


def test_the_address_of_a_write_has_what_its_reads_need():
    operations = [each for area in API_AREAS for each in area.operations]
    pairs = [
        (each, read)
        for each in operations
        if each.is_versioned
        for read in _list_reads_of_accepted_etags(each, operations)
    ]
    assert len(pairs) > 50
    for operation, read in pairs:
        own, needed = (set(_PARAMETER.findall(each.path)) for each in (operation, read))
        assert needed <= own, (operation.id, read.id)


def test_a_repeated_write_with_its_key_is_answered_again(api: ApiClient):
    own = api.get(f"{ITEMS}/1").headers["ETag"]
    sent = {"if_match": own, "idempotency_key": "k"}
    first, second = (api.post(f"{ITEMS}/1/state", {"state": "doing"}, **sent) for _time in range(2))
    assert first.status_code == second.status_code == 200
    assert second.headers["Idempotency-Replayed"] == "true"
