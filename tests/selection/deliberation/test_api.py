"""Deliberations by the API: agenda, minutes, ranking and scores, once they are open."""

import pytest

from portal.selection.calls.models import CallState
from portal.selection.deliberation.models import DecisionKind
from tests.support import api
from tests.support import calls as some

CALL = "/programmes/ami/calls/1"
SCORE = "CANARI-note"


@pytest.fixture
def clients(app, leading, jurors):
    """Clients of the lead, a juror and one who did not declare yet."""
    return [api.client(app, person) for person in (leading, jurors[0], jurors[1])]


@pytest.fixture
def scored(lead, call, jurors):
    """An application that one of two jurors has scored."""
    row = some.application(lead, call)
    some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, row, *jurors[:2])
    some.judge(jurors[0], row, 4, SCORE)
    return row


def data(client, path):
    response = client.get(f"{CALL}{path}")
    assert response.status_code == 200, response.get_json()
    return response.get_json()["data"]


def test_scores_and_the_ranking_are_empty_while_sealed(clients, scored, jurors):
    lead, first, second = clients
    assert data(lead, "/applications/1/scores") == data(first, "/applications/1/scores") == []
    assert data(lead, "/ranking") == data(lead, "/agenda") == []
    assert second.get(f"{CALL}/applications/1/scores").status_code == 404
    some.judge(jurors[1], scored, 2)  # the last one: they open
    assert SCORE in {each["justification"] for each in data(lead, "/applications/1/scores")}
    values = sorted(each["value"] for each in data(second, "/applications/1/scores"))
    assert values == [2] * 5 + [4] * 5
    [line] = data(lead, "/ranking")
    assert (line["number"], line["rank"], line["total_hundredths"]) == (1, 1, 6000)
    assert second.get(f"{CALL}/ranking").status_code == 404


def test_the_agenda_says_who_leaves_and_decisions_to_leads_alone(clients, scored, lead, jurors):
    some.assign(lead, scored, jurors[2])
    some.declare(jurors[2], scored, conflict=True)
    some.judge(jurors[1], scored, 2)
    some.decide(lead, scored, DecisionKind.LAUREATE)
    [step] = data(clients[0], "/agenda")
    assert (step["outcome"], [each["name"] for each in step["leaving"]]) == ("laureate", [jurors[2].name])
    [seen] = data(clients[1], "/agenda")
    assert (seen["title"], seen["outcome"]) == (scored.title, None)


def test_the_agenda_is_of_the_whole_jury_but_for_what_a_conflict_shuts_out(app, scored, lead, call, jurors):
    """A juror to whom an application is not given reads its organisation and title, as on the page."""
    some.assign(lead, scored, jurors[2])
    some.declare(jurors[2], scored, conflict=True)
    some.judge(jurors[1], scored, 2)
    other, shut_out = api.client(app, some.juror(lead, call)), api.client(app, jurors[2])
    [step] = data(other, "/agenda")
    shown = {name for name, value in step.items() if value}
    assert shown == {"number", "organisation", "title", "absent", "leaving"}
    assert other.get(f"{CALL}/applications/1").status_code == 404
    assert data(shut_out, "/agenda") == []


def test_minutes_are_of_leads_until_the_results_are_published(clients, scored, lead, call, jurors):
    client, juror, _second = clients
    assert client.get(f"{CALL}/minutes").status_code == 404
    body = {"held_on": "2026-03-01", "place": "Paris", "minutes": "Séance tenue."}
    written = client.put(f"{CALL}/minutes", body, if_match='"0"')
    assert written.status_code == 200, written.get_json()
    assert client.put(f"{CALL}/minutes", body, if_match='"0"').status_code == 412
    assert juror.get(f"{CALL}/minutes").status_code == 404
    assert juror.put(f"{CALL}/minutes", body, if_match='"1"').status_code == 404
    some.judge(jurors[1], scored, 2)
    some.decide(lead, scored, DecisionKind.LAUREATE)
    some.move(lead, call, CallState.DELIBERATED)
    some.publish(lead, call)
    assert juror.get(f"{CALL}/minutes").get_json()["place"] == "Paris"
    late = client.put(f"{CALL}/minutes", body, if_match=written.headers["ETag"])
    assert late.status_code == 403
