"""Juries by the API: the rules of pages, and one's own sheet alone."""

from portal.selection.calls.models import CallState
from tests.support import api
from tests.support import calls as some

PLACE = "/programmes/ami/calls/1/applications/1"


def entries(call, value=4, why="Parce que"):
    keys = some.entries(call, value)
    lines = [{"criterion": key, "value": value, "justification": why} for key in keys]
    return {"scores": lines}


def test_a_juror_declares_scores_and_sends_by_the_api(app, lead, call, jurors, leading):
    row = some.application(lead, call, problem="Trop de courriers")
    some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, row, *jurors[:2])
    first, second, direction = (api.client(app, person) for person in (*jurors[:2], leading))
    assert first.get(PLACE).get_json()["problem"] is None
    assert first.get(f"{PLACE}/sheet").status_code == 404
    declared = first.post(f"{PLACE}/interests", {"has_conflict": False}).get_json()
    assert (declared["reads_whole"], declared["problem"]) == (True, "Trop de courriers")
    sheet = first.get(f"{PLACE}/sheet").get_json()
    assert sheet["sent_at"] is None
    version = sheet["version"]
    draft = first.put(f"{PLACE}/sheet", entries(call, why=""), if_match=f'"{version}"')
    assert draft.status_code == 200
    assert first.put(f"{PLACE}/sheet", entries(call), if_match=f'"{version}"').status_code == 412
    version = draft.get_json()["version"]
    bare = first.post(f"{PLACE}/sheet/send", entries(call, why=""), if_match=f'"{version}"')
    assert bare.status_code == 422
    assert "Justifiez" in bare.get_data(as_text=True)
    sent = first.post(f"{PLACE}/sheet/send", entries(call), if_match=f'"{version}"').get_json()
    assert sent["sent_at"]
    assert first.put(f"{PLACE}/sheet", entries(call), if_match=f'"{sent["version"]}"').status_code == 409
    assert direction.get(f"{PLACE}/sheet").status_code == 404
    second.post(f"{PLACE}/interests", {"has_conflict": True, "reason": "J’y travaille"})
    assert second.get(f"{PLACE}/sheet").status_code == 404
    assert second.get(PLACE).get_json()["problem"] is None
