"""Juries by the API: composed, spread, published; leads in conflict; the rules of pages."""

import pytest

from portal.platform.kernel.access import Role
from portal.selection.calls.models import CallState
from tests.support import api
from tests.support import calls as some
from tests.support import factories as make

CALL = "/programmes/ami/calls/1"
SECRET = "CANARI-texte"


@pytest.fixture
def client(app, leading):
    return api.client(app, leading)


@pytest.fixture
def second(app, programme):
    """A second lead, and their client."""
    person = make.role(programme.id, Role.PROGRAMME_LEAD)
    return person, api.client(app, person)


def data(response):
    return response.get_json()["data"]


def test_a_jury_is_composed(client, call, programme):
    person = make.role(programme.id, Role.JUROR)
    stranger = make.person()
    assert [each["name"] for each in data(client.get(f"{CALL}/jury/candidates"))] == [person.name]
    body = {"person": str(person.id), "employer": "Ministère", "company_number": "123 456 789"}
    refused = client.post(f"{CALL}/jury", body | {"person": str(stranger.id)})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/person"
    assert client.post(f"{CALL}/jury?dry_run=true", body).status_code == 201
    seated = client.post(f"{CALL}/jury", body)
    place = f"{CALL}/jury/{person.id}"
    assert seated.headers["Location"] == f"/api/v1{place}"
    assert (seated.get_json()["company_number"], seated.get_json()["assigned"]) == ("123456789", 0)
    assert client.post(f"{CALL}/jury", body).status_code == 422
    short = client.put(place, {"company_number": "12"})
    assert short.get_json()["errors"][0]["pointer"] == "/company_number"
    assert client.put(place, {"load_max": 4}).get_json()["load_max"] == 4
    assert client.get(place).get_json()["employer"] == ""
    assert client.ask("DELETE", place).status_code == 204
    assert client.get(place).status_code == 404


def test_applications_are_spread_as_drafts_and_published(app, client, lead, call, jurors):
    rows = [some.application(lead, call) for _ in range(3)]
    for row in rows:
        some.eligible(lead, row)
    preview = client.get(f"{CALL}/assignments/spread").get_json()
    assert (len(preview["added"]), preview["removed"], preview["gaps"]) == (6, [], [])
    assert {each["applications"] for each in preview["jurors"]} == {2}
    assert client.post(f"{CALL}/assignments/spread?dry_run=true").status_code == 200
    assert client.get(f"{CALL}/assignments/spread").get_json() == preview
    spread = client.post(f"{CALL}/assignments/spread").get_json()
    assert (spread["added"], spread["removed"]) == ([], [])
    place = f"{CALL}/applications/1/jurors"
    assert {each["standing"] for each in data(client.get(place))} == {"draft"}
    mine = api.client(app, jurors[0])
    assert mine.get(f"{CALL}/applications/1").status_code == 404
    assert client.post(f"{CALL}/assignments/publish").status_code == 200
    assert {each["standing"] for each in data(client.get(place))} == {"undeclared"}
    assert client.post(f"{CALL}/assignments/publish").status_code == 422
    loads = {each["name"]: each["assigned"] for each in data(client.get(f"{CALL}/jury"))}
    assert set(loads.values()) == {2}


def test_likely_conflicts_are_settled_once(client, lead, call, jurors):
    named = jurors[0].name
    row = some.application(lead, call, contact_name=named)
    some.eligible(lead, row)
    [likely] = data(client.get(f"{CALL}/jury/likely-conflicts"))
    assert (likely["person_id"], likely["grounds"]) == (str(jurors[0].id), ["named"])
    place = f"{CALL}/applications/1/interests/{jurors[0].id}"
    assert client.post(place, {"is_confirmed": True, "reason": ""}).status_code == 422
    assert client.post(place, {"is_confirmed": True, "reason": "Cousins"}).status_code == 200
    assert data(client.get(f"{CALL}/jury/likely-conflicts")) == []
    assert client.post(place, {"is_confirmed": False, "reason": "Non"}).status_code == 404
    assigned = client.post(f"{CALL}/applications/1/jurors", {"person": str(jurors[0].id)})
    assert assigned.status_code == 422


def test_a_lead_in_conflict_reads_the_title_and_two_people_let_them_in(client, lead, leading, call, second):
    some.application(lead, call, problem=SECRET)
    place = f"{CALL}/applications/1"
    other_lead, other = second
    other_id, own_id = str(other_lead.id), str(leading.id)
    shut = client.post(f"{place}/interests/lead", {"reason": "CANARI-motif"}).get_json()
    assert (shut["reads_whole"], shut["problem"], shut["state"]) == (False, None, None)
    assert client.get(f"{place}/jurors").status_code == 404
    mine = client.get(f"{place}/lead").get_json()
    assert (mine["is_shut_out"], mine["conflicts"]) == (True, [])
    theirs = other.get(f"{place}/lead").get_json()
    assert [each["person_id"] for each in theirs["conflicts"]] == [own_id]
    assert "CANARI" not in str(theirs)
    assert client.post(f"{place}/lead", {"person": own_id}).status_code == 422
    named = client.post(f"{place}/lead", {"person": other_id}).get_json()
    assert named["named"]["person_id"] == other_id
    assert client.post(f"{place}/return/{own_id}").status_code == 404
    assert other.post(f"{place}/return/{own_id}").status_code == 409
    assert client.post(f"{place}/return", {"reason": "Une erreur"}).status_code == 200
    assert client.post(f"{place}/lead/ask").get_json()["named"]["undo_asked_by_id"] == own_id
    assert client.post(f"{place}/lead/agree").status_code == 422
    assert other.post(f"{place}/lead/agree").get_json()["named"] is None
    assert other.post(f"{place}/return/{own_id}").status_code == 200
    assert client.get(place).get_json()["problem"] == SECRET


def test_the_standing_of_jurors_tells_no_score(app, client, lead, call, jurors):
    row = some.application(lead, call)
    some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, row, *jurors)
    some.judge(jurors[0], row, 4, SECRET)
    some.declare(jurors[1], row, conflict=True)
    response = client.get(f"{CALL}/applications/1/jurors")
    standings = {each["person_id"]: each["standing"] for each in data(response)}
    expected = dict(zip((str(each.id) for each in jurors), ("sent", "conflict", "undeclared"), strict=True))
    assert standings == expected
    assert SECRET not in response.get_data(as_text=True)
    juror = api.client(app, jurors[0])
    assert juror.get(f"{CALL}/applications/1/jurors").status_code == 404
    assert juror.get(f"{CALL}/jury").status_code == 404


@pytest.fixture
def judging(app, lead, call, jurors):
    """A juror's client, the address of their sheet, and the keys of what they score."""
    row = some.application(lead, call)
    some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, row, jurors[0])
    some.declare(jurors[0], row)
    return api.client(app, jurors[0]), f"{CALL}/applications/1/sheet", list(some.entries(call, 4))


def test_a_sheet_that_names_what_is_not_scored_is_refused_whole(judging):
    juror, sheet, keys = judging
    lines = [{"criterion": key, "value": 4, "justification": "Clair"} for key in keys]
    faulty = [
        *lines,
        {"criterion": "zzz", "value": 2, "justification": "Autre"},
        {"criterion": keys[0], "value": 1, "justification": "Encore"},
    ]
    faulty[0] = faulty[0] | {"abstains": True}
    expected = ["/scores/0/value", f"/scores/{len(lines)}/criterion", f"/scores/{len(lines) + 1}/criterion"]
    before = juror.get(sheet)
    for method, place in (("PUT", sheet), ("POST", f"{sheet}/send")):
        refused = juror.ask(method, place, {"scores": faulty}, if_match=before.headers["ETag"])
        assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid")
        assert [each["pointer"] for each in refused.get_json()["errors"]] == expected
    assert juror.get(sheet).get_json() == before.get_json()
    assert juror.put(sheet, {"scores": lines}, if_match=before.headers["ETag"]).status_code == 200


def test_a_sheet_that_is_not_finished_is_refused_at_its_own_places(judging):
    juror, sheet, keys = judging
    etag = juror.get(sheet).headers["ETag"]
    lines = [{"criterion": key, "value": 4, "justification": "Clair"} for key in reversed(keys)]
    last = len(lines) - 1
    for body, pointer in (
        ([*lines[:-1], lines[-1] | {"value": None}], f"/scores/{last}/value"),
        ([*lines[:-1], lines[-1] | {"justification": ""}], f"/scores/{last}/justification"),
        (lines[:-1], "/scores"),
    ):
        refused = juror.post(f"{sheet}/send", {"scores": body}, if_match=etag)
        assert (refused.status_code, refused.get_json()["code"]) == (422, "rule_broken")
        assert [each["pointer"] for each in refused.get_json()["errors"]] == [pointer]
    refused = juror.post(
        f"{sheet}/send", {"scores": [each | {"value": None} for each in lines]}, if_match=etag
    )
    pointers = [each["pointer"] for each in refused.get_json()["errors"]]
    assert sorted(pointers) == [f"/scores/{place}/value" for place in range(len(lines))]
