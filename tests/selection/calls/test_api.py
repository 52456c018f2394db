"""Calls by the API: planned, changed, shown; criteria one by one; the rules of pages."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.selection.calls.models import CallState
from tests.support import api
from tests.support import calls as some
from tests.support import factories as make

CALLS = "/programmes/ami/calls"
CALL = f"{CALLS}/1"
FACTS = {
    "title_fr": "Appel de 2027",
    "opens_on": "2027-01-04",
    "closes_on": "2027-03-01",
    "places": 6,
    "scores_needed": 3,
    "appeal_days": 60,
    "retention_months": 24,
}
LEVELS = [f"Niveau {n}" for n in range(6)]


@pytest.fixture
def client(app, leading):
    return api.client(app, leading)


def pointers(response):
    return {error["pointer"] for error in response.get_json().get("errors", ())}


def test_a_call_is_planned_once_with_the_usual_criteria(client):
    planned = client.post(CALLS, FACTS, idempotency_key="a")
    assert (planned.status_code, planned.headers["Location"]) == (201, f"/api/v1{CALL}")
    again = client.post(CALLS, FACTS, idempotency_key="a")
    assert again.get_json()["id"] == planned.get_json()["id"]
    assert client.post(CALLS, FACTS | {"places": 7}, idempotency_key="a").status_code == 422
    assert client.post(f"{CALLS}?dry_run=true", FACTS).get_json()["number"] == 2
    assert [each["number"] for each in client.get(CALLS).get_json()["data"]] == [1]
    criteria = client.get(f"{CALL}/criteria").get_json()["data"]
    assert sum(each["weight"] for each in criteria) == 100
    assert all(len(each["levels_fr"]) == len(each["levels_en"]) == 6 for each in criteria)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"closes_on": "2026-12-01"}, "/closes_on"),
        ({"results_on": "2027-01-05"}, "/results_on"),
        ({"places": 0}, "/places"),
        ({"tie_rule": "by lot"}, "/tie_rule"),
        ({"state": "open"}, "/state"),
        ({"title_fr": ""}, "/title_fr"),
    ],
)
def test_what_a_call_may_not_be_is_said_beside_its_field(client, changed, pointer):
    refused = client.post(CALLS, FACTS | changed)
    assert (refused.status_code, pointers(refused)) == (422, {pointer})


def test_two_leads_who_change_a_call_are_told_of_each_other(client, call):
    etag = client.get(CALL).headers["ETag"]
    assert client.put(CALL, FACTS).status_code == 428
    changed = client.put(CALL, FACTS | {"tie_rule": "jury", "load_max": 12}, if_match=etag)
    assert changed.get_json()["load_max"] == 12
    assert client.put(CALL, FACTS, if_match=etag).status_code == 412
    assert client.get(CALL).get_json()["tie_rule"] == "jury"


def test_what_jurors_rely_on_is_fixed_once_they_score(client, lead, call):
    some.eligible(lead, some.application(lead, call))
    some.move(lead, call, CallState.IN_REVIEW)
    body = FACTS | {"scores_needed": 2, "places": 3, "tie_rule": "jury", "checklist": call.checklist}
    refused = client.put(CALL, body, if_match=client.get(CALL).headers["ETag"])
    assert (refused.status_code, pointers(refused)) == (422, {"/places"})
    etag = client.get(f"{CALL}/criteria/data").headers["ETag"]
    body = {"name_fr": "n", "weight": 30, "levels_fr": LEVELS, "levels_en": LEVELS}
    late = client.put(f"{CALL}/criteria/data", body, if_match=etag)
    assert late.status_code == 403
    assert "ne changent plus" in late.get_json()["detail"]


def test_a_criterion_changes_under_the_version_of_its_call(client, call):
    place = f"{CALL}/criteria/data"
    etag = client.get(place).headers["ETag"]
    body = {"name_fr": "Données", "weight": 40, "minimum_tenths": 25, "levels_fr": LEVELS}
    body |= {"levels_en": LEVELS}
    assert pointers(client.put(place, body | {"levels_fr": LEVELS[:5]}, if_match=etag)) == {"/levels_fr"}
    assert pointers(client.put(place, body | {"minimum_tenths": 51}, if_match=etag)) == {"/minimum_tenths"}
    changed = client.put(place, body, if_match=etag)
    stored = changed.get_json()
    assert (stored["weight"], stored["minimum_tenths"], stored["levels_fr"]) == (40, 25, LEVELS)
    assert client.put(f"{CALL}/criteria/team", body, if_match=etag).status_code == 412
    assert client.get(f"{CALL}/criteria/nothing").status_code == 404


def test_no_token_shows_or_hides_a_page(client, browser_for, call):
    for act in ("show", "hide"):
        refused = client.post(f"{CALL}/{act}", if_match=client.get(CALL).headers["ETag"])
        assert (refused.status_code, refused.get_json()["code"]) == (403, "proof_required")
    assert client.get(CALL).get_json()["shown_at"] is None
    assert browser_for(None).open("/calls/ami/1/fr").status_code == 404


def test_a_call_opens_once_its_weights_add_up(client, lead, programme):
    row = some.call(lead, programme, CallState.DRAFT)
    place = f"{CALLS}/{row.number}"
    body = {"name_fr": "n", "weight": 99, "levels_fr": LEVELS, "levels_en": LEVELS}
    changed = client.put(f"{place}/criteria/data", body, if_match=client.get(place).headers["ETag"])
    assert changed.status_code == 200
    refused = client.post(f"{place}/state", {"state": "open"}, if_match=client.get(place).headers["ETag"])
    assert refused.status_code == 422
    assert "100" in refused.get_json()["detail"]


def test_closing_before_its_day_is_confirmed_as_on_the_page(client, call):
    call.closes_on = clock.today() + timedelta(days=15)
    db.session.commit()
    etag = client.get(CALL).headers["ETag"]
    refused = client.post(f"{CALL}/state", {"state": "closed"}, if_match=etag)
    assert (refused.status_code, pointers(refused)) == (422, {"/knowingly"})
    closed = client.post(f"{CALL}/state", {"state": "closed", "knowingly": True}, if_match=etag)
    assert closed.get_json()["state"] == "closed"


def test_a_juror_reads_the_criteria_of_their_call_alone(app, call, jurors):
    elsewhere = make.role(call.programme_id, Role.JUROR)  # of the programme, on no jury
    for person, criteria in ((jurors[0], 200), (elsewhere, 404)):
        juror = api.client(app, person)
        statuses = {
            rest: juror.get(f"{CALL}{rest}").status_code for rest in ("", "/criteria", "/criteria/data")
        }
        assert statuses == {"": 404, "/criteria": criteria, "/criteria/data": criteria}
