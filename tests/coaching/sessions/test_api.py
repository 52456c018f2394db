"""Decisions of sessions by the API: added, reworded, followed by one thing at most."""

from tests.support import api
from tests.support import coaching as some

S = "/projects/heron/coaching-sessions/1"
D = "/projects/heron/coaching-decisions"


def test_a_decision_becomes_a_recommendation_or_an_item_and_changes_no_more(app, project, person, coaching):
    some.session(project, coaching)
    coach, team = api.client(app, coaching), api.client(app, person)
    for what in ("Écarter les doublons", "Annoter à deux"):
        assert coach.post(f"{S}/coaching-decisions", {"what": what}).status_code == 201
    reworded = coach.put(f"{D}/1", {"what": "Écarter deux doublons"}, if_match='"1"').get_json()
    assert (reworded["what"], reworded["version"]) == ("Écarter deux doublons", 2)
    assert coach.post(f"{D}/1/recommend").get_json()["recommendation_id"]
    assert team.post(f"{D}/1/item").status_code == 403
    assert team.post(f"{D}/2/item").get_json()["item_id"]
    assert coach.put(f"{D}/2", {"what": "w"}, if_match='"2"').status_code == 403
    assert coach.ask("DELETE", f"{D}/2").status_code == 403
    coach.post(f"{S}/coaching-decisions", {"what": "De trop"})
    assert coach.ask("DELETE", f"{D}/3").status_code == 204
    assert [row["number"] for row in team.get(D).get_json()["data"]] == [1, 2]
    assert coach.post(f"{D}/2/recommend").status_code == 403
    assert team.post(f"{S}/coaching-decisions", {"what": "w"}).status_code == 403
